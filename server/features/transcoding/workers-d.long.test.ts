import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { openDistributedGround, settingsForHouse } from '#server/testing/distributed-ground.ts'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { describeWith, times } from '#server/testing/grounds.ts'
import { freePorts, type PartProcess, startProcess, until } from '#server/testing/parts/part-process.ts'
import { isThere, startedBy } from '#server/testing/process-tree.ts'

const program = join(import.meta.dirname, '../../../matinee')
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac']
const patience = { timeout: 240_000, interval: 50 }
const rounds = times(1, 5)
const frames = times(300, 1200)

/** `matinee serve --roles worker`, as on a machine of its own, whose temporary files can be looked at. */
async function openWorker(settings: Record<string, string>, dataDir: string) {
  const scratch = await mkdtemp(join(tmpdir(), 'matinee-scratch-'))
  const flags = Object.entries({ ...settings, dataDir }).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const [port = 0] = await freePorts(1)
  const words = ['serve', '--host', '127.0.0.1', '--port', String(port), '--roles', 'worker', ...flags]
  let running: PartProcess | undefined
  const pid = () => running?.child.pid ?? 0
  const start = async () => {
    const started = startProcess(program, words, { env: { TMPDIR: scratch } })
    running = started
    await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok, {
      what: 'the start of a worker',
      processes: [started],
      timeoutMs: 120_000,
    })
  }
  await start()
  return {
    start,
    pid,
    send: (signal: NodeJS.Signals) => void running?.child.kill(signal),
    kill: async () => await running?.kill(),
    /** Of runs that are under way. What a process left that was killed goes with the next work of this machine. */
    rooms: () => readdirSync(scratch).filter((name) => name.startsWith(`matinee-run-${pid()}-`)),
    async [Symbol.asyncDispose]() {
      await running?.kill()
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

describeWith(
  'mariadb',
  'redis',
  's3',
)('a film that several machines make', () => {
  test('[G2] [G6] [G7] is made to its end while workers are stopped and killed, and the queue forgets everything; who lives leaves nothing behind', async () => {
    await using ground = await openDistributedGround()
    const settings = { ...(await settingsForHouse(ground)), 'transcoding.policy': 'eager' }
    await using stage = await openFilmStage('embedded', { without: ['worker'], set: settings })
    const { blobs } = stage.matinee.features
    await using first = await openWorker(settings, stage.matinee.folder)
    await using second = await openWorker(settings, stage.matinee.folder)

    const small = { frames, rate: '5', width: 320, height: 180, output } as const
    const key = await stage.arrive(await makeFilm({ ...small, path: join(stage.folder, 'film.mp4') }))
    const published = async () =>
      (await blobs.list(`cells/${key.videoId}/1/v180/`)).items.filter(({ name }) => /\/\d+[.]m4s$/.test(name)).map(({ name }) => name)
    const hashes = new Map<string, string>()
    const look = async () => {
      for (const name of await published()) {
        const hash = createHash('sha256')
          .update(await buffer(blobs.read(name)))
          .digest('hex')
        expect(hashes.get(name) ?? hash).toBe(hash)
        hashes.set(name, hash)
      }
    }
    const cells = frames / 20
    const reach = (part: number) =>
      vi.waitFor(async () => expect((await published()).length).toBeGreaterThanOrEqual(Math.min(cells, Math.ceil(cells * part))), patience)

    for (let round = 0; round < rounds; round++) {
      const [from, step] = [round / rounds, 1 / rounds / 5]
      await reach(from + step)
      // It holds its leases and says nothing; what it had begun goes on below it. The other one takes over.
      first.send('SIGSTOP')
      await reach(from + 2 * step)
      await ground.redis.flush()
      await reach(from + 3 * step)
      // It wakes and finds that others have been here.
      first.send('SIGCONT')
      const below = startedBy(second.pid())
      await second.kill()
      await vi.waitFor(() => expect(below.filter(isThere)).toEqual([]), patience)
      await reach(from + 4 * step)
      await look()
      await second.start()
    }
    await vi.waitFor(async () => expect(await stage.stateOf(key.videoId)).toBe('ready'), patience)
    await look()
    expect((await stage.transcoding.findFilm(key))?.rows.flatMap(({ quarantined }) => Object.entries(quarantined))).toEqual([])
    expect(await readNumbers(await stage.rowOf(key, 'v180', cells))).toEqual(Array.from({ length: frames }, (_, i) => i))
    const names = (await blobs.list(`cells/${key.videoId}/`)).items.map(({ name }) => name.split('/').slice(3).join('/'))
    expect(names.filter((name) => !/^(v180|a0)\/(\d+[.]m4s|init[.]mp4)$/.test(name))).toEqual([])
    await vi.waitFor(() => expect([...startedBy(first.pid()), ...startedBy(second.pid())]).toEqual([]), patience)
    await vi.waitFor(() => expect([...first.rooms(), ...second.rooms()]).toEqual([]), patience)
  }, 900_000)
})
