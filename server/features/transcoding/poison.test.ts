import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { isLong, times } from '#server/testing/grounds.ts'
import { cpuBelowMs, startedBy } from '#server/testing/process-tree.ts'

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac']
const patience = { timeout: 240_000, interval: 100 }
const good = times(1, 10)
/** A look at a file, and a word about it: far from what a film costs, or what the limits would allow. */
const mostCpuMs = 5000

type Stage = Awaited<ReturnType<typeof openFilmStage>>

test('[F12] [T1] many poisoned files among some good ones: these are made beside them, and each of the others says why not; no file is read, no address asked, no process left', async () => {
  await using stage = await openFilmStage('embedded')
  await using ear = await openEar()
  const below = new Set(startedBy(process.pid))
  const small = { frames: 25, rate: '25', width: 320, height: 180, sound: 'none', output } as const
  const path = await makeFilm({ ...small, path: join(stage.folder, 'a.mp4') })
  const poisons = await writePoisons(stage.folder, await readFile(path), ear.url)

  const calmMs = isLong ? await readyMs(stage, await arriveAll(stage, path, [])) : undefined
  const before = cpuBelowMs(process.pid)
  const mixed = await arriveAll(stage, path, poisons)
  const mixedMs = await readyMs(stage, mixed)
  if (calmMs !== undefined) expect(mixedMs).toBeLessThanOrEqual(calmMs * 1.5)
  for (const videoId of mixed.bad) {
    await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toBe('failed'), patience)
    expect((await stage.videos.see(stage.owner, videoId)).failure_code).toMatch(/^media[.](unreadable|empty|no_media)$/)
    expect((await stage.matinee.features.blobs.list(`cells/${videoId}/`)).items).toEqual([])
  }
  expect(ear.asked).toEqual([])
  await vi.waitFor(() => expect(startedBy(process.pid).filter((pid) => !below.has(pid))).toEqual([]), patience)
  await vi.waitFor(
    () => expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`matinee-run-${process.pid}-`))).toEqual([]),
    patience,
  )
  expect(cpuBelowMs(process.pid) - before).toBeLessThan(mostCpuMs * (mixed.bad.length + 2 * mixed.fine.length))
}, 600_000)

/** An address of this machine, and who asked for it. */
async function openEar() {
  const asked: string[] = []
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '')
    answer.end()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  }
}

async function writePoisons(folder: string, film: Buffer, url: string): Promise<string[]> {
  const poisons = [
    Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
    Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}/list\n#EXT-X-ENDLIST\n`),
    Buffer.from(`ffconcat version 1.0\nfile '/etc/passwd'\nfile '${url}/concat'\n`),
    Buffer.concat([film.subarray(0, 40), Buffer.alloc(500, 255)]),
    Buffer.alloc(0),
  ]
  return await Promise.all(
    poisons.map(async (poison, place) => {
      const path = join(folder, `poison-${place}.mp4`)
      await writeFile(path, poison)
      return path
    }),
  )
}

/** Of each kind of poison as many as there are good films; these come last, each time. */
async function arriveAll(stage: Stage, path: string, poisons: readonly string[]): Promise<{ fine: string[]; bad: string[] }> {
  const [fine, bad]: [string[], string[]] = [[], []]
  for (let round = 0; round < good; round++) {
    for (const poison of poisons) bad.push((await stage.arrive(poison)).videoId)
    fine.push((await stage.arrive(path)).videoId)
  }
  return { fine, bad }
}

async function readyMs(stage: Stage, { fine }: { fine: readonly string[] }): Promise<number> {
  const beganMs = performance.now()
  for (const videoId of fine) await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toBe('ready'), patience)
  return performance.now() - beganMs
}
