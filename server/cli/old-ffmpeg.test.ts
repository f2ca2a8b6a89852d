import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const matinee = join(import.meta.dirname, '../../matinee')

/** A folder with an FFmpeg that says of itself that it is that old, and reads what has the hole. */
function openOldFfmpeg() {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-old-ffmpeg-'))
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const answers = 'case "$2" in -version) echo "ffmpeg version 7.0.1";; *) echo " V....D magicyuv  MagicYUV video";; esac'
  for (const name of ['ffmpeg', 'ffprobe']) writeFileSync(join(bin, name), `#!/bin/sh\n${answers}\n`, { mode: 0o755 })
  return { folder, bin, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

test('[T35] a program that converts films says loudly that its FFmpeg has a known hole', async () => {
  using old = openOldFfmpeg()
  const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', join(old.folder, 'data')]
  using program = new DisposableStack()
  const child = spawn(matinee, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: `${old.bin}:${process.env.PATH}` } })
  program.defer(() => child.kill('SIGKILL'))
  let logged = ''
  child.stderr.on('data', (text: Buffer) => (logged += text))
  await expect.poll(() => logged).toMatch(/7\.0\.1 is older than 8\.1\.2.*"ffmpeg\.unpatched"/)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
