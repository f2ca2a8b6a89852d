import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const matinee = join(import.meta.dirname, '../../matinee')

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-hang-up-'))
  const config = join(folder, 'matinee.yaml')
  const name = (site: string) => writeFileSync(config, `site: { name: ${site} }\n`)
  name('Before')
  const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', join(folder, 'data'), '--config', config]
  return { folder, name, args, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test.runIf(existsSync('/usr/bin/script'))(
  'SIGHUP from a terminal that has been closed ends the program cleanly; while the terminal is there it reads the configuration again',
  async () => {
    using house = openFolder()
    const log = join(house.folder, 'log')
    const pidFile = join(house.folder, 'pid')
    const command = `echo $$ > ${pidFile}; exec ${matinee} ${house.args.join(' ')} 2>${log}`
    const terminal = spawn('script', ['-qefc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] })
    let shown = ''
    terminal.stdout.on('data', (text: Buffer) => (shown += text))
    await expect.poll(() => shown, { timeout: 60_000 }).toContain('Before is open')
    const pid = Number(readFileSync(pidFile, 'utf8'))

    house.name('After')
    process.kill(pid, 'SIGHUP')
    await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 60_000 }).toContain('config.changed')
    expect(isAlive(pid)).toBe(true)

    terminal.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
    // Who ends cleanly leaves no write-ahead log behind.
    expect(existsSync(join(house.folder, 'data/matinee.db-wal'))).toBe(false)
    expect(readFileSync(log, 'utf8')).not.toMatch(/EIO|Error|uncaught/i)
  },
  300_000,
)

test('SIGHUP without a terminal reads the configuration again and ends nothing', async () => {
  using house = openFolder()
  const child = spawn(matinee, house.args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  let [said, logged] = ['', '']
  child.stdout.on('data', (text: Buffer) => (said += text))
  child.stderr.on('data', (text: Buffer) => (logged += text))
  await expect.poll(() => said, { timeout: 60_000 }).toContain('Before is open')
  house.name('After')
  child.kill('SIGHUP')
  await expect.poll(() => logged, { timeout: 60_000 }).toContain('config.changed')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
}, 300_000)
