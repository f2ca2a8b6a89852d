import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { endInstallation, stateOfFfmpeg, watchFfmpeg } from './ffmpeg.ts'

const script = fileURLToPath(new URL('../../scripts/install-ffmpeg.sh', import.meta.url))

/** A system whose apt-get does as `acts` says; what it installs is found in `bin`. */
function openSystem(acts: string) {
  const root = mkdtempSync(join(tmpdir(), 'matinee-apt-'))
  const bin = join(root, 'bin')
  const at = (name: string) => join(root, name)
  mkdirSync(bin)
  for (const program of ['sh', 'nice', 'rm', 'sleep', 'cp', 'chmod'])
    symlinkSync(existsSync(`/bin/${program}`) ? `/bin/${program}` : `/usr/bin/${program}`, join(bin, program))
  const apt = `#!/bin/sh\necho $$ > ${at('apt')}\ncd ${root}\n${acts}\n`
  writeFileSync(join(bin, 'apt-get'), apt, { mode: 0o755 })
  chmodSync(join(bin, 'apt-get'), 0o755)
  const note = at('note')
  return {
    bin,
    note,
    at,
    async install() {
      const child = spawn('sh', [script, note], { detached: true, stdio: 'ignore', env: { PATH: bin } })
      await once(child, 'spawn')
      writeFileSync(note, String(child.pid))
      return once(child, 'exit')
    },
    isThere: (name: string) => existsSync(at(name)),
    read: (name: string) => readFileSync(at(name), 'utf8').trim(),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

const installed = 'cp bin/sh bin/ffmpeg; cp bin/sh bin/ffprobe'

describe.runIf(process.platform === 'linux')('FFmpeg', () => {
  test('is being installed while that goes on, and here when it went well', async () => {
    using system = openSystem(`case "$*" in *download-only*) until [ -e go ]; do sleep 0.02; done;; *) ${installed};; esac`)
    const state = () => stateOfFfmpeg(system.bin, system.note)
    expect(state()).toBe('missing')
    const over = system.install()
    await expect.poll(state).toBe('installing')
    expect(watchFfmpeg(system.bin, system.note)()).toBe('installing')
    writeFileSync(system.at('go'), '')
    await over
    expect([state(), system.isThere('note')]).toEqual(['here', false])
  })

  test('is not waited for when it is only fetched: whoever ends the program ends that at once', async () => {
    using system = openSystem('exec sleep 600')
    const over = system.install()
    await expect.poll(() => system.isThere('apt')).toBe(true)
    let slow = false
    await endInstallation(() => (slow = true), system.note)
    await over
    expect([stateOfFfmpeg(system.bin, system.note), system.isThere('note'), existsSync(`/proc/${system.read('apt')}`)]).toEqual([
      'missing',
      false,
      false,
    ])
    expect(slow).toBe(false)
    await endInstallation(() => {}, system.note)
  })

  test('is let finish once it is unpacked: a system with half a package refuses every other', async () => {
    using system = openSystem(
      `case "$*" in *download-only*) ;; *) sh -c ': > unpacking; until [ -e go ]; do sleep 0.02; done'; ${installed};; esac`,
    )
    const over = system.install()
    await expect.poll(() => system.isThere('unpacking')).toBe(true)
    await endInstallation(() => writeFileSync(system.at('go'), ''), system.note)
    await over
    expect(stateOfFfmpeg(system.bin, system.note)).toBe('here')
  })

  test('that could not be installed is missing, and says so in the note', async () => {
    using system = openSystem('exit 100')
    await system.install()
    expect([stateOfFfmpeg(system.bin, system.note), system.read('note')]).toEqual(['missing', 'failed'])
  })

  test('is not thought to be installed because another process has that number now', () => {
    using system = openSystem('')
    writeFileSync(system.note, String(process.pid))
    expect(stateOfFfmpeg(system.bin, system.note)).toBe('missing')
  })
})
