import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { times } from '#server/testing/grounds.ts'
import { startProcess } from '#server/testing/parts/part-process.ts'

describe.runIf(process.platform === 'linux')('A disk that becomes full while files arrive', () => {
  test('[F5] is refused before it is, breaks nothing when it is, and is filled again when there is room', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'matinee-small-'))
    try {
      const mount = 'mount -t tmpfs -o size=64m none "$1" && export TMPDIR="$1" && shift && exec "$@"'
      const script = fileURLToPath(import.meta.resolve('#server/testing/children/fill-uploads.ts'))
      const started = startProcess('unshare', ['-rm', 'sh', '-c', mount, 'sh', folder, process.execPath, script, String(times(1, 100))])
      await expect.poll(() => started.hasEnded(), { timeout: times(300_000, 900_000), interval: 50 }).toBe(true)
      const said = started
        .output()
        .split('\n')
        .find((line) => line.startsWith('['))
      expect(JSON.parse(said ?? JSON.stringify(started.output()))).toEqual([
        'more than there is: 7',
        'with room: done',
        'near its end: 7',
        'another, near its end: 7',
        'while it ends: ENOSPC',
        'held as before: true',
        'with room again: done',
        'whole: true',
        'left: 0',
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 1_000_000)
})
