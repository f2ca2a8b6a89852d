import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'

type Opened = { videoId: string; taskId: number; uploadUrl: string; blocksUrl: string; stateUrl: string }
type Shown = { state: string }

describe.each(grounds.list)('A film of one’s own, %s', (ground) => {
  test('[U8] becomes the source of its video by name alone, for its owner and nobody else', async () => {
    await using matinee = await startMatinee(ground)
    const url = await matinee.url()
    const call = async (method: string, path: string, token = '', body?: unknown) => {
      const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }
      const answer = await fetch(`${url}/api${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      return { status: answer.status, body: (await answer.json().catch(() => undefined)) as unknown }
    }
    const register = async (username: string) =>
      ((await call('POST', '/user', '', { username, password: 'a long enough word 42' })).body as { token: string }).token
    const [owner, other] = [await register('lumiere'), await register('melies')]
    const bytes = randomBytes(50_000)
    const file = { fileName: '../火车进站.mp4', fileSize: bytes.length }
    expect((await call('POST', '/uploads', '', file)).status).toBe(401)
    // What is refused leaves no draft behind.
    expect((await call('POST', '/uploads', owner, { ...file, fileSize: 2 ** 42 })).status).toBe(413)
    expect((await call('GET', '/user/lumiere/videos', owner)).body).toMatchObject({ items: [] })
    const opened = await call('POST', '/uploads', owner, file)
    expect(opened.status).toBe(201)
    const { videoId, uploadUrl, stateUrl, taskId } = opened.body as Opened
    expect((await call('POST', '/uploads', other, { ...file, videoId })).status).toBe(404)
    const shown = async () => (await call('GET', `/user/lumiere/videos/${videoId}`, owner)).body as Shown
    expect(await shown()).toMatchObject({ id: videoId, state: 'uploading' })
    expect((await call('GET', '/uploads', owner)).body).toMatchObject({
      items: [{ videoId, taskId, uploadUrl, state: 'open', fileSize: bytes.length, missing: [{ startByte: 0, endByte: bytes.length }] }],
    })
    expect((await call('GET', '/uploads', other)).body).toEqual({ items: [], nextCursor: null })
    const form = new FormData()
    form.set('startByte', '0')
    form.set('endByte', String(bytes.length))
    form.set('partMd5', createHash('md5').update(bytes).digest('hex'))
    form.set('file', new Blob([bytes]), 'block')
    expect(await (await fetch(uploadUrl, { method: 'POST', body: form })).json()).toMatchObject({ retCode: '0' })
    await expect.poll(async () => (await shown()).state, { timeout: 60_000 }).not.toBe('uploading')
    const blob = `sources/${videoId}/${taskId}`
    await expect.poll(() => matinee.features.blobs.find(blob), { timeout: 60_000 }).toMatchObject({ size: bytes.length })
    const stored: Uint8Array[] = []
    for await (const chunk of matinee.features.blobs.read(blob)) stored.push(chunk)
    expect(Buffer.concat(stored).equals(bytes)).toBe(true)
    expect((await call('GET', '/uploads', owner)).body).toEqual({ items: [], nextCursor: null })
    expect(
      await (
        await fetch(stateUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ taskId, status: 'cancel' }),
        })
      ).json(),
    ).toMatchObject({ retCode: '11' })
  }, 300_000)
})
