import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Uppy from '@uppy/core'
import Tus from '@uppy/tus'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PartProcess, startProcess, until } from '#server/testing/parts/part-process.ts'
import { root } from './component.ts'

type Video = { id: string; title: string; state: string }

describe('Stock clients of tus, at the program as it is started', () => {
  let folder: string
  let program: PartProcess
  let url = ''
  let headers: Record<string, string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'matinee-tus-'))
    program = startProcess(join(root, 'matinee'), ['serve', '--host', '127.0.0.1', '--port', '0', '--data', folder], { group: true })
    const said = () => /is open: (http:\/\/[^\s,]+)/.exec(program.output())?.[1]
    await until(async () => said() !== undefined, { what: 'the start of Matinee', processes: [program], timeoutMs: 240_000 })
    url = said() ?? ''
    const answer = await fetch(`${url}/api/user`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'lumiere', password: 'a long enough word 42' }),
    })
    headers = { authorization: `Bearer ${((await answer.json()) as { token: string }).token}` }
  }, 300_000)
  afterAll(async () => {
    await program?.kill()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  /** The bytes that became the source of the film of this name. */
  async function arrived(title: string): Promise<Buffer> {
    let video: Video | undefined
    await until(
      async () => {
        const answer = await fetch(`${url}/api/user/lumiere/videos`, { headers })
        video = ((await answer.json()) as { items: Video[] }).items.find((one) => one.title === title)
        return video !== undefined && video.state !== 'draft' && video.state !== 'uploading'
      },
      { what: `the arrival of ${title}`, processes: [program], timeoutMs: 240_000 },
    )
    const sources = join(folder, 'blobs', 'sources', video?.id ?? '')
    return await readFile(join(sources, (await readdir(sources))[0] ?? ''))
  }

  const send = (bytes: Buffer, options: ConstructorParameters<typeof Upload>[1]) =>
    new Promise<Upload>((resolve, reject) => {
      const upload: Upload = new Upload(bytes, {
        endpoint: `${url}/api/tus`,
        headers,
        retryDelays: [0, 200, 500, 1000],
        onSuccess: () => resolve(upload),
        onError: reject,
        ...options,
      })
      upload.start()
    })

  test('tus-js-client sends a film in one piece, in many, with its creation, and by other methods', async () => {
    const bytes = randomBytes(1_000_000)
    await send(bytes, { metadata: { filename: 'one.mp4' } })
    await send(bytes, { metadata: { filename: 'many.mp4' }, chunkSize: 150_000 })
    await send(bytes, { metadata: { filename: 'with.mp4' }, chunkSize: 400_000, uploadDataDuringCreation: true })
    await send(bytes, { metadata: { filename: 'other.mp4' }, overridePatchMethod: true })
    for (const title of ['one', 'many', 'with', 'other']) expect((await arrived(title)).equals(bytes), title).toBe(true)
  }, 300_000)

  test('tus-js-client sends parts in parallel, which become one film', async () => {
    const bytes = randomBytes(3_000_001)
    await send(bytes, { metadata: { filename: 'parallel.mp4' }, parallelUploads: 4, chunkSize: 300_000 })
    expect((await arrived('parallel')).equals(bytes)).toBe(true)
  }, 300_000)

  test('tus-js-client stops, goes on from where it was, and ends an upload', async () => {
    const bytes = randomBytes(2_000_000)
    const stopped = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(bytes, {
        endpoint: `${url}/api/tus`,
        headers,
        metadata: { filename: 'resumed.mp4' },
        chunkSize: 500_000,
        onError: reject,
        onChunkComplete: () => void upload.abort().then(() => resolve(upload.url ?? ''), reject),
      })
      upload.start()
    })
    let sent = 0
    await send(bytes, { uploadUrl: stopped, chunkSize: 500_000, onChunkComplete: (size) => void (sent += size) })
    expect(sent).toBeLessThanOrEqual(1_500_000)
    expect((await arrived('resumed')).equals(bytes)).toBe(true)
    const created = await fetch(`${url}/api/tus`, {
      method: 'POST',
      headers: { ...headers, 'tus-resumable': '1.0.0', 'upload-length': '9' },
    })
    const location = created.headers.get('location') ?? ''
    await Upload.terminate(location, { headers })
    expect((await fetch(location, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })).status).toBe(410)
  }, 300_000)

  test('Uppy sends a film', async () => {
    const bytes = randomBytes(700_000)
    const uppy = new Uppy().use(Tus, { endpoint: `${url}/api/tus`, headers, chunkSize: 200_000, allowedMetaFields: ['filename'] })
    // In Node the client of tus below it takes buffers; Uppy asks for their size as it does with files.
    const data = Object.assign(Buffer.from(bytes), { size: bytes.length }) as unknown as Blob
    uppy.addFile({ name: 'uppy.mp4', type: 'video/mp4', data, meta: { filename: 'uppy.mp4' } })
    const result = await uppy.upload()
    expect(result?.failed).toEqual([])
    expect((await arrived('uppy')).equals(bytes)).toBe(true)
    uppy.destroy()
  }, 300_000)
})
