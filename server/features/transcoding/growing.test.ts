import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { callAs } from '#server/testing/visitors.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { sendBlock, type Urls } from '#server/testing/uploads-house.ts'

/** Large by filling, cheap to make; its index at the end. */
const filled = ['-b:v', '6M', '-minrate', '6M', '-maxrate', '6M', '-bufsize', '1M', '-x264-params', 'nal-hrd=cbr:bframes=3']
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', ...filled, '-c:a', 'aac']
const patience = { timeout: 200_000, interval: 50 }

type Stage = Awaited<ReturnType<typeof openFilmStage>>

async function beginUpload({ matinee, visitor }: Stage, bytes: Uint8Array) {
  const opened = await visitor.call('POST', '/api/uploads', { fileName: 'film.mp4', fileSize: bytes.length })
  expect(opened.status).toBe(201)
  const given = opened.json as Urls & { videoId: string }
  const url = await matinee.url()
  const at = (address: string) => `${url}${new URL(address, url).pathname}${new URL(address, url).search}`
  const urls = { ...given, uploadUrl: at(given.uploadUrl), stateUrl: at(given.stateUrl) }
  const send = async (start: number, end: number) =>
    expect(await sendBlock(urls, bytes, start, Math.min(end, bytes.length))).toMatchObject({ retCode: '0' })
  return { ...urls, send }
}

test('[G11] a film is watched by its owner while it arrives, as far as it is here, and goes on as the same when it is whole', async () => {
  await using stage = await openFilmStage('embedded', { without: ['worker'] })
  const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 480, rate: '12', width: 320, height: 180, output })
  const bytes = await readFile(path)
  const { videoId, send } = await beginUpload(stage, bytes)
  const key = { videoId, generation: 1 }
  const { signal, transcoding } = stage
  const { blobs } = stage.matinee.features
  const get = (place: string) => stage.visitor.call('GET', `/stream/${videoId}/${place}`)

  const block = 4 * 2 ** 20
  for (const start of [0, block, 2 * block]) await send(start, start + block)
  await vi.waitFor(async () => expect(await rings(stage)).toBe(1), patience)
  // Its index has not come: nothing can be said of it yet.
  await transcoding.besideWork.grow({ ...key, signal })
  expect(await transcoding.findFilm(key)).toBeUndefined()

  const tail = Math.floor(bytes.length / block) * block
  await send(tail, bytes.length)
  await vi.waitFor(async () => {
    await transcoding.besideWork.grow({ ...key, signal })
    expect(await transcoding.findFilm(key)).toBeDefined()
  }, patience)
  expect((await get('master.m3u8')).text).toContain('1/v180.m3u8')
  expect((await callAs(stage.matinee)('GET', `/stream/${videoId}/master.m3u8`)).status).toBe(404)
  await transcoding.serve({ ...key, rows: ['v180'], cells: { start: 0, end: 2 }, signal })
  await transcoding.serve({ ...key, rows: ['v180'], cells: { start: 7, end: 8 }, signal })
  const cell = async (number: number) => await transcoding.findReady({ ...key, row: 'v180', cell: number })
  expect([(await cell(0))?.isStandIn, (await cell(1))?.isStandIn, await cell(7)]).toEqual([false, false, undefined])
  // Of two cells that are wanted the one is made for which there is enough.
  await transcoding.serve({ ...key, rows: ['a0'], cells: { start: 0, end: 2 }, signal })
  const sound = await Promise.all([0, 1].map((number) => transcoding.findReady({ ...key, row: 'a0', cell: number })))
  expect(sound.map((one) => one !== undefined)).toEqual([true, false])
  const hash = async () =>
    createHash('sha256')
      .update((await get('1/v180/0.m4s')).bytes)
      .digest('hex')
  const early = await hash()

  for (let start = 3 * block; start < tail; start += block) await send(start, start + block)
  await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toBe('processing'), patience)
  await transcoding.plan({ ...key, attempt: 1, signal })
  expect(await stage.stateOf(videoId)).toBe('playable')
  for (const start of [0, 5]) await transcoding.serve({ ...key, rows: ['v180'], cells: { start, end: start + 5 }, signal })
  expect(await hash()).toBe(early)
  expect(await readNumbers(await stage.rowOf(key, 'v180', 10))).toEqual(Array.from({ length: 480 }, (_, i) => i))

  // Others, given up: after their plan, and while it is made. Nothing of them stays, and their generation is not used again.
  for (const isMidway of [false, true]) {
    const given = await beginUpload(stage, bytes)
    const other = { videoId: given.videoId, generation: 1 }
    const giveUp = () =>
      fetch(given.stateUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ taskId: given.taskId, status: 'cancel' }),
      })
    for (const start of [0, block, 2 * block, tail]) await given.send(start, start === tail ? bytes.length : start + block)
    let isGivenUp = false
    if (isMidway)
      whenWritten(blobs, `cells/${other.videoId}/1/v180/init.mp4`, async () => {
        await giveUp()
        isGivenUp = true
      })
    await vi.waitFor(async () => {
      await transcoding.besideWork.grow({ ...other, signal })
      expect(isMidway ? isGivenUp : (await transcoding.findFilm(other)) !== undefined).toBe(true)
    }, patience)
    if (!isMidway) await giveUp()
    await vi.waitFor(async () => expect(await stage.stateOf(other.videoId)).toBe('draft'), patience)
    expect([await transcoding.findFilm(other), (await blobs.list(`cells/${other.videoId}/`)).items]).toEqual([undefined, []])
    expect((await stage.videos.see(stage.owner, other.videoId)).generation).toBe(1)
  }
}, 480_000)

/** Does something just before a blob is written, once. */
function whenWritten(blobs: Blobs, name: string, act: () => Promise<void>): void {
  const write = blobs.write.bind(blobs)
  blobs.write = async (written, ...given) => {
    if (written !== name) return await write(written, ...given)
    blobs.write = write
    await act()
    return await write(written, ...given)
  }
}

/** What the queue was told to look at. */
async function rings({ visitor }: Stage): Promise<number> {
  const { json } = await visitor.call('GET', '/api/admin/tasks?kind=transcoding.grow&state=waiting')
  return (json as { items: unknown[] }).items.length
}
