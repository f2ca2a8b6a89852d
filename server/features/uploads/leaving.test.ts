import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openS3Blobs } from '#server/adapters/blobs/s3-blobs.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { openS3, type S3Part } from '#server/testing/parts/s3.ts'
import { openS3Front, type S3Front } from '#server/testing/s3-front.ts'
import { infoOf, md5, sendBlock, type Urls } from '#server/testing/uploads-house.ts'
import { callAs, joinAsOwner } from '#server/testing/visitors.ts'
import { leavingPartBytes } from './leaving.ts'

const MiB = 2 ** 20
const day = 86_400_000
const within = { timeout: 60_000, interval: 20 }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
type Opened = Urls & { videoId: string }

test('Parts that leave grow with the file, so that no file has more of them than a store takes, nor larger or smaller ones', () => {
  for (const size of [1, 5 * MiB, 44 * 2 ** 30, 48.8 * 2 ** 30, 50 * 2 ** 30, 100 * 2 ** 30, 2 ** 40, 2 ** 41, 5 * 2 ** 40]) {
    const bytes = leavingPartBytes(size, 5 * MiB)
    expect(Math.ceil(size / bytes), `${size}`).toBeLessThanOrEqual(10_000)
    expect([bytes >= 5 * MiB, bytes <= 5 * 2 ** 30, bytes % MiB], `${size}`).toEqual([true, true, 0])
  }
})

describeWith('s3')('A film for a distant store', () => {
  let s3: S3Part
  let front: S3Front
  let blobs: Blobs
  let folder: string
  let matinee: TestMatinee
  let token: string
  let laterMs = 0
  const log = createCapturedLog()

  // No worker asks what the films are.
  const start = () =>
    startMatinee('embedded', {
      ...{ folder, log, without: ['worker'], clock: { ...systemClock, now: () => Date.now() + laterMs } },
      set: {
        'blobs.kind': 's3',
        'blobs.s3.endpoint': `http://127.0.0.1:${front.port}`,
        'blobs.s3.region': s3.region,
        'blobs.s3.bucket': s3.bucket,
        'blobs.s3.accessKey': s3.accessKey,
        'blobs.s3.secretKey': s3.secretKey,
      },
    })
  beforeAll(async () => {
    s3 = await openS3()
    front = await openS3Front(s3.port)
    blobs = await openS3Blobs({ ...s3, clock: systemClock, log })
    folder = await mkdtemp(join(tmpdir(), 'matinee-leaving-'))
    matinee = await start()
    token = (await joinAsOwner(matinee)).token
  }, 300_000)
  afterAll(async () => {
    await matinee?.[Symbol.asyncDispose]()
    await blobs?.close()
    await front?.[Symbol.asyncDispose]()
    await s3?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function open(size: number, fileMd5?: string): Promise<Opened> {
    const file = { fileName: 'film.mp4', fileSize: size, ...(fileMd5 ? { fileMd5 } : {}) }
    return (await callAs(matinee, token)('POST', '/api/uploads', file)).json as Opened
  }
  /** The same house begins anew, with what its rows and files tell it. */
  async function restart(): Promise<void> {
    await matinee[Symbol.asyncDispose]()
    matinee = await start()
  }
  /** Its addresses at the house as it stands now. */
  async function atHome(opened: Opened): Promise<Opened> {
    const { port } = new URL(await matinee.url())
    const at = (url: string) => Object.assign(new URL(url), { port }).href
    return { ...opened, uploadUrl: at(opened.uploadUrl), blocksUrl: at(opened.blocksUrl), stateUrl: at(opened.stateUrl) }
  }
  const send = async (opened: Opened, bytes: Uint8Array, ...ranges: (readonly [number, number])[]) => {
    for (const [from, to] of ranges) expect(await sendBlock(await atHome(opened), bytes, from, to)).toMatchObject({ retCode: '0' })
  }
  const blobOf = ({ videoId, taskId }: Opened) => `sources/${videoId}/${taskId}`
  const partsOf = (opened: Opened) => front.taken.filter(({ name }) => name === blobOf(opened)).map(({ part }) => part)
  async function begun(opened: Opened): Promise<string[]> {
    const uploads = blobs.remote?.listUploads({ startedBeforeMs: Date.now() + 60_000 }) ?? []
    return (await Array.fromAsync(uploads)).filter(({ name }) => name === blobOf(opened)).map(({ upload }) => upload)
  }
  async function expectWhole(opened: Opened, bytes: Uint8Array): Promise<void> {
    await expect.poll(async () => (await blobs.find(blobOf(opened)))?.size, within).toBe(bytes.length)
    expect(sha256(Buffer.concat(await Array.fromAsync(blobs.read(blobOf(opened)))))).toBe(sha256(bytes))
    expect(await begun(opened)).toEqual([])
  }

  test('[U13] leaves in parts while the rest arrives in any order, no part twice though its house begins anew in between', async () => {
    const bytes = randomBytes(12 * MiB + 5)
    const opened = await open(bytes.length)
    await send(opened, bytes, [7 * MiB, 12 * MiB], [12 * MiB, bytes.length])
    await expect.poll(() => partsOf(opened), within).toEqual([3])
    for (let at = 0; at < 5 * MiB; at += MiB) await send(opened, bytes, [at, at + MiB])
    await expect.poll(() => partsOf(opened), within).toEqual([3, 1])
    await restart()
    expect(await blobs.find(blobOf(opened))).toBeUndefined()
    await send(opened, bytes, [5 * MiB, 7 * MiB])
    await expectWhole(opened, bytes)
    expect(partsOf(opened)).toEqual([3, 1, 2])
  }, 300_000)

  test('[U13] waits for a store that is away, which keeps nobody from sending, and goes on when it is back', async () => {
    const bytes = randomBytes(11 * MiB)
    const opened = await open(bytes.length)
    await send(opened, bytes, [0, 5 * MiB])
    await expect.poll(() => partsOf(opened), within).toEqual([1])
    front.isDown = true
    await send(opened, bytes, [5 * MiB, 10 * MiB])
    await expect.poll(() => log.lines.map(({ event }) => event), within).toContain('uploads.aside_failed')
    front.isDown = false
    await send(opened, bytes, [10 * MiB, 11 * MiB])
    await expectWhole(opened, bytes)
    expect(partsOf(opened).sort()).toEqual([1, 2, 3])
  }, 300_000)

  test('that is forgotten there, by whoever sweeps, is whole there nevertheless; what will yet become a film is not swept', async () => {
    const bytes = randomBytes(11 * MiB)
    const opened = await open(bytes.length)
    await send(opened, bytes, [0, 5 * MiB])
    await expect.poll(() => partsOf(opened), within).toEqual([1])
    const [upload = ''] = await begun(opened)
    const lost = await blobs.remote?.openParts('sources/a-video/1')
    laterMs = 2 * day
    expect(await matinee.features.storage.sweepUploads(AbortSignal.timeout(60_000))).toBe(1)
    laterMs = 0
    expect(await begun(opened)).toEqual([upload])
    expect(upload).not.toBe(lost)
    await blobs.remote?.abortParts(blobOf(opened), upload)
    await send(opened, bytes, [5 * MiB, bytes.length])
    await expectWhole(opened, bytes)
  }, 300_000)

  test('whose bytes were wrong, and had left, is begun anew there, and only the right ones become a film', async () => {
    const bytes = randomBytes(11 * MiB)
    const spoilt = Buffer.from(bytes).fill(0, 6 * MiB, 6 * MiB + 3)
    const opened = await open(bytes.length, md5(bytes))
    await send(opened, spoilt, [0, 10 * MiB])
    await expect.poll(() => partsOf(opened).toSorted(), within).toEqual([1, 2])
    const [first] = await begun(opened)
    await send(opened, spoilt, [10 * MiB, bytes.length])
    await expect.poll(async () => (await infoOf(await atHome(opened))).expectBlocks.length, within).toBeGreaterThan(0)
    await expect.poll(() => begun(opened), within).not.toContain(first)
    await send(opened, bytes, [0, bytes.length])
    await expectWhole(opened, bytes)
  }, 300_000)

  test('[F21] that is given up, or of which nothing comes any more, leaves nothing there', async () => {
    const bytes = randomBytes(11 * MiB)
    const [given, idle] = [await open(bytes.length), await open(bytes.length)]
    for (const opened of [given, idle]) {
      await send(opened, bytes, [0, 5 * MiB])
      await expect.poll(() => partsOf(opened), within).toEqual([1])
    }
    const body = JSON.stringify({ taskId: given.taskId, status: 'cancel' })
    const { stateUrl } = await atHome(given)
    await fetch(stateUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await expect.poll(() => begun(given), within).toEqual([])
    expect(await begun(idle)).toHaveLength(1)
    laterMs = 8 * day
    await expect.poll(() => begun(idle), within).toEqual([])
    laterMs = 0
  }, 300_000)
})
