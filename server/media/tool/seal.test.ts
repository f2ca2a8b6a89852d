import { execFile } from 'node:child_process'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openSeal, sealedCommand } from './seal.ts'

const limits = { wallMs: 10_000, stallMs: 10_000, cpuS: 5, memoryBytes: 2 ** 30, fileBytes: 1024 }

test('[G12] what nobody waits for runs in time that nobody else wants; who waits, in everybody’s', async () => {
  await using seal = await openSeal()
  const folder = await mkdtemp(join(tmpdir(), 'matinee-idle-'))
  const policyOf = async (isIdle: boolean) => {
    const [program = '', ...words] = sealedCommand(seal, { folder, limits, isIdle }, ['chrt', '-p', '0'])
    const { stdout } = await promisify(execFile)(program, words)
    return /SCHED_\w+/.exec(stdout)?.[0]
  }
  expect(await policyOf(true)).toBe('SCHED_IDLE')
  expect(await policyOf(false)).not.toBe('SCHED_IDLE')
  await rmdir(folder)
}, 300_000)
