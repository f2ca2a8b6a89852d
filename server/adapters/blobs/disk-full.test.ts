import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { times } from '#server/testing/grounds.ts'
import { startProcess } from '#server/testing/parts/part-process.ts'

/**
 * Runs a script on a file system of so many MiB of its own, which nobody else sees. The script finds `blobs`, `folder`, `statfs` and `fill` there,
 * and prints JSON.
 */
async function onSmallDisk(sizeMiB: number, options: string, script: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-small-'))
  const program = `
    import { open, readdir, rm, statfs, writeFile } from 'node:fs/promises'
    import { createHeldClock } from '#server/testing/held-clock.ts'
    import { openDiskBlobs } from '#server/adapters/blobs/disk-blobs.ts'
    const folder = process.argv[1]
    const said = []
    const say = (event) => said.push(event)
    const log = { debug: say, info: say, warn: say, error: say, child: () => log }
    const clock = createHeldClock()
    const blobs = await openDiskBlobs({ folder, clock, log, ${options} })
    const MiB = 1 << 20
    async function* fill(sizeBytes) {
      for (let at = 0; at < sizeBytes; at += 1 << 16) yield Buffer.alloc(Math.min(1 << 16, sizeBytes - at), 7)
    }
    const outcome = (promise) => promise.then(() => 'done', (error) => error.kind ?? error.code ?? String(error))
    const waitFor = async (isSo) => {
      for (let n = 0; n < 3000; n++) {
        if (await isSo()) return true
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return false
    }
    ${script}
  `
  try {
    const mount = 'mount -t tmpfs -o size="$1" none "$2" && shift && shift && exec "$@"'
    const node = [process.execPath, '--input-type=module', '-e', program, folder]
    const started = startProcess('unshare', ['-rm', 'sh', '-c', mount, 'sh', `${sizeMiB}m`, folder, ...node])
    await expect.poll(() => started.hasEnded(), { timeout: 150_000, interval: 50 }).toBe(true)
    try {
      return JSON.parse(started.output())
    } catch {
      throw new Error(`The script on the small disk said:\n${started.output()}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const hasNamespaces = process.platform === 'linux'

describe.runIf(hasNamespaces)('a disk that is full', () => {
  test('[F5] refuses what would take the reserve, before the first byte where the size is known and on the way where it is not', async () => {
    const seen = await onSmallDisk(
      200,
      'reserve: { bytes: 40 << 20, share: 0 }, ballastBytes: 0',
      `
      const freeAtFirst = await blobs.freeBytes()
      const known = await outcome(blobs.write('known', fill(170 * MiB), { expect: { size: 170 * MiB } }))
      const unknown = await outcome(blobs.write('unknown', fill(190 * MiB)))
      const left = await readdir(folder + '/+aside')
      const fits = await outcome(blobs.write('fits', fill(150 * MiB)))
      const second = await outcome(blobs.write('second', fill(20 * MiB), { expect: { size: 20 * MiB } }))
      const { bavail, bsize } = await statfs(folder)
      await blobs.delete(['fits'])
      const again = await outcome(blobs.write('again', fill(100 * MiB)))
      console.log(JSON.stringify({ freeAtFirst, known, unknown, left, fits, second, keptMiB: Math.floor((bavail * bsize) / MiB), again }))
      await blobs.close()
    `,
    )
    expect(seen).toMatchObject({ known: 'full', unknown: 'full', left: [], fits: 'done', second: 'full', again: 'done' })
    expect(seen).toHaveProperty('freeAtFirst', 160 << 20)
    expect((seen as { keptMiB: number }).keptMiB).toBeGreaterThanOrEqual(40)
  })

  test('[F5] is said in the same way when the space ends in the middle of a write, and nothing is left behind', async () => {
    const seen = await onSmallDisk(
      20,
      'reserve: { bytes: 0, share: 0 }, ballastBytes: 0',
      `
      await blobs.write('kept', fill(4 * MiB))
      const outcomes = []
      for (let n = 0; n < ${times(20, 100)}; n++) {
        outcomes.push(await outcome(blobs.write('big', fill(30 * MiB))))
        outcomes.push(await outcome(blobs.write('small', fill(10 * MiB))))
        await blobs.delete(['small'])
      }
      let read = 0
      for await (const chunk of blobs.read('kept')) read += chunk.filter((byte) => byte === 7).length
      console.log(JSON.stringify({ outcomes: [...new Set(outcomes)], left: await readdir(folder + '/+aside'), read }))
      await blobs.close()
    `,
    )
    expect(seen).toEqual({ outcomes: ['full', 'done'], left: [], read: 4 << 20 })
  })

  test('[F5] gives up its ballast for what must be written, and makes it again when there is room', async () => {
    const seen = await onSmallDisk(
      100,
      'reserve: { bytes: 10 << 20, share: 0 }, ballastBytes: 8 << 20',
      `
      const has = async () => (await readdir(folder)).includes('+ballast')
      const atFirst = await has()
      await clock.advance(5000)
      const made = await waitFor(has)
      // Something else than films fills the disk to the last byte.
      const other = await open(folder + '/other', 'w')
      try { for (;;) await other.write(Buffer.alloc(MiB)) } catch (error) { said.push(error.code) }
      try { for (;;) await other.write(Buffer.alloc(4096)) } catch {}
      await other.close()
      const refused = await outcome(writeFile(folder + '/row', Buffer.alloc(MiB)))
      await rm(folder + '/row', { force: true })
      await clock.advance(5000)
      const given = await waitFor(async () => !(await has()))
      const written = await outcome(writeFile(folder + '/row', Buffer.alloc(MiB)))
      const film = await outcome(blobs.write('film', fill(MiB)))
      await rm(folder + '/other')
      await clock.advance(5000)
      const again = await waitFor(async () => (await has()) && said.length > 3)
      console.log(JSON.stringify({ atFirst, made, refused, given, written, film, again, said }))
      await blobs.close()
    `,
    )
    expect(seen).toEqual({
      atFirst: false,
      made: true,
      refused: 'ENOSPC',
      given: true,
      written: 'done',
      film: 'full',
      again: true,
      said: ['disk.ballast_made', 'ENOSPC', 'disk.ballast_given_up', 'disk.ballast_made'],
    })
  })
})
