import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** `npm start` as a person runs it: in a pseudo-terminal, where Ctrl-C reaches npm and the program, and npm hands its own on. */
function openTerminal(folder: string) {
  const start = { name: 'here', private: true, scripts: { start: `exec ${join(root, 'matinee')} serve` } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(start))
  const child = spawn('script', ['-qefc', 'exec npm start -- --port 0 --host 127.0.0.1 --data data', '/dev/null'], { cwd: folder })
  const exit = once(child, 'exit').then(([code]) => code as number)
  let shown = ''
  child.stdout.on('data', (text: Buffer) => (shown += text))
  child.stderr.on('data', (text: Buffer) => (shown += text))
  return {
    exit,
    shown: () => shown,
    type: (keys: string) => child.stdin.write(keys),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  }
}

const ctrlC = '\u0003'

test.runIf(existsSync('/usr/bin/script'))(
  'Ctrl-C reaches the program more than once through npm, counts as one, and what is under way ends first',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matinee-terminal-'))
    using terminal = openTerminal(folder)
    await expect.poll(terminal.shown, { timeout: 60_000 }).toContain('Nobody owns it yet')
    // A first start has no news for a log. (npm may draw a spinner around what it starts.)
    expect(terminal.shown()).toMatch(/Matinee is open: http:\/\/127[.]0[.]0[.]1:\d+/)
    expect(terminal.shown()).not.toMatch(/database[.]|"level"/)

    const body = JSON.stringify({ password: 'the film of a lifetime 1' })
    const request = connect(Number(/127[.]0[.]0[.]1:(\d+)/.exec(terminal.shown())?.[1]), '127.0.0.1')
    let answer = ''
    request.on('data', (bytes) => (answer += bytes))
    request.write(
      `POST /user/somebody HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
    )
    await expect.poll(() => answer, { timeout: 60_000 }).toContain('100 Continue')

    terminal.type(ctrlC)
    await expect.poll(terminal.shown, { timeout: 60_000 }).toContain('Closing')
    terminal.type(ctrlC)
    await expect.poll(() => terminal.shown().split('^C').length - 1, { timeout: 60_000 }).toBe(2)
    request.write(body)
    await expect.poll(() => answer, { timeout: 60_000 }).toContain('HTTP/1.1 401')
    request.destroy()
    expect(await terminal.exit).toBe(0)
    rmSync(folder, { recursive: true, force: true })
  },
  300_000,
)
