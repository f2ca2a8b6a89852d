import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { times } from '#server/testing/grounds.ts'
import { type Component, md5, openComponent } from './component.ts'
import { sendCrumbs } from './crumbs.ts'

const MiB = 2 ** 20
/** Fifty for what arrives, and half as much again for what the collector lets lie on a machine that has other things to do. */
const boundMiB = 75
type Opened = { taskId: number; uploadUrl: string }

// It asks the system what a process has, and has ever had.
describe.runIf(process.platform === 'linux')('The memory of the component', () => {
  test('[T25] is bounded, whoever sends whatever: large blocks on many lines, crumbs, what is wrong, and what never ends', async () => {
    await using component = await openComponent(
      (folder) => `bServer: {name: demo, token: xxxxx, notifyUrl: "http://127.0.0.1:9/", roots: ["${folder}/root"], md5: late}\n`,
    )
    const film = randomBytes(8 * MiB)
    // Idle is one that has taken films before, and crumbs: its threads run, and its heap has the size that many small things give it.
    const warm = async (n: number) => {
      const before = await open(component, `before ${n}`, 16 * MiB)
      for (const at of [0, 8 * MiB]) expect(await send(before, at, film.subarray(0, 8 * MiB - 100))).toBe('0')
      for (let at = 1; at <= 50; at++) expect(await send(before, 8 * MiB - at * 2, film.subarray(0, 1))).toBe('0')
    }
    await Promise.all(Array.from({ length: 8 }, (_, n) => warm(n)))
    const idle = await memoryOf(component, 'VmRSS')
    const tasks = await Promise.all(Array.from({ length: 8 }, (_, n) => open(component, `film ${n}`, 128 * MiB)))
    const block = film
    const grown: Record<string, number> = {}
    const during = async (what: string, act: () => Promise<unknown>) => {
      await writeFile(`/proc/${component.process().child.pid}/clear_refs`, '5')
      await act()
      grown[what] = Math.ceil(((await memoryOf(component, 'VmHWM')) - idle) / MiB)
    }
    await during('eight files on two lines each', () =>
      Promise.all(
        tasks.flatMap((task, n) =>
          [0, 1].map(async (half) => {
            for (let i = half; i < times(2, 14); i += 2) expect(await send(task, i * block.length, block), `film ${n}`).toBe('0')
          }),
        ),
      ),
    )
    await during('blocks that are not what they say', () =>
      Promise.all(tasks.map((task) => send(task, 0, block, { partMd5: 'f'.repeat(32) }).then((code) => expect(code).toBe('9')))),
    )
    await during('crumbs', async () => {
      const each = { from: 120 * MiB, count: times(20, 125_000), lines: 4 }
      const crumbs = Promise.all(tasks.map(({ uploadUrl }) => sendCrumbs(uploadUrl, each)))
      // Others are served all the while.
      let isOver = false
      const over = crumbs.finally(() => (isOver = true)).catch(() => {})
      const other = await open(component, 'beside them', 512 * MiB)
      for (let n = 0; n === 0 || !isOver; n++) {
        expect(await send(other, (n % 8000) * 65_536, film.subarray(0, 65_536))).toBe('0')
        await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 500))])
      }
      for (const { '0': taken = 0, '13': late = 0, ...others } of await crumbs) {
        expect([taken + late, others]).toEqual([each.count, {}])
        expect(taken).toBeGreaterThan(0)
      }
    })
    await during('blocks that stop in the middle', async () => {
      const lines = await Promise.all(Array.from({ length: 64 }, (_, n) => halfABlock(tasks[n % 8], n * MiB, block.subarray(0, MiB))))
      for (const line of lines) line.destroy()
    })
    await during('forms and openings without an end', () =>
      Promise.all([
        ...['startByte', 'file', 'what nobody knows'].map((name) => endless(tasks[0], part(`name="${name}"`))),
        endless(tasks[0], part('name="file"; filename="x"')),
        endless(undefined, '{"token":"'),
      ]),
    )
    // It is alive and well.
    expect(await send(tasks[1], 126 * MiB, block.subarray(0, 1000))).toBe('0')
    expect(Math.max(...Object.values(grown)), JSON.stringify(grown)).toBeLessThanOrEqual(boundMiB)

    async function endless(task: Opened | undefined, begin: string): Promise<void> {
      const { hostname, port, pathname, search } = new URL(task?.uploadUrl ?? `${component.url}/api/upload/new/task`)
      const type = task ? 'multipart/form-data; boundary=b' : 'application/json'
      const socket = connect(Number(port), hostname).on('error', () => {})
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      const chunk = (data: string | Uint8Array) => {
        const bytes = Buffer.from(data as string)
        return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
      }
      socket.resume().write(`POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`)
      socket.write(chunk(begin))
      const more = chunk(block.subarray(0, MiB))
      const mostBytes = times(48, 2000) * MiB
      for (let sent = 0; sent < mostBytes && !socket.closed; sent += more.length)
        if (!socket.write(more)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
      socket.destroy()
      await closed
    }
  }, 3_600_000)
})

/** In bytes: what the process has now, or the most that it ever had. */
async function memoryOf(component: Component, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${component.process().child.pid}/status`, 'utf8')
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024
}

async function open(component: Component, fileName: string, fileSize: number): Promise<Opened> {
  const body = JSON.stringify({ token: 'xxxxx', userId: '1', storePath: `${component.folder}/root`, fileName, fileSize })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${component.url}/api/upload/new/task`, { method: 'POST', headers, body })
  return ((await answer.json()) as { data: Opened }).data
}

async function send(task: Opened | undefined, start: number, block: Uint8Array, change: Record<string, string> = {}): Promise<string> {
  const form = new FormData()
  const fields = { startByte: String(start), endByte: String(start + block.length), partMd5: md5(block), ...change }
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('file', new Blob([Buffer.from(block)]), 'block')
  const answer = await fetch(task?.uploadUrl ?? '', { method: 'POST', body: form })
  return ((await answer.json()) as { retCode: string }).retCode
}

const part = (words: string) => `--b\r\ncontent-disposition: form-data; ${words}\r\n\r\n`

/** The first half of a block, which the component has taken from the line when this resolves. */
async function halfABlock(task: Opened | undefined, start: number, block: Uint8Array): Promise<Socket> {
  const { hostname, port, pathname, search } = new URL(task?.uploadUrl ?? '')
  const fields = { startByte: start, endByte: start + block.length, partMd5: createHash('md5').update(block).digest('hex') }
  const head = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`)
  const begin = Buffer.from(head.join('') + part('name="file"; filename="x"'))
  const socket = connect(Number(port), hostname).on('error', () => {})
  socket.write(`POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n`)
  socket.write(`content-length: ${begin.length + block.length + 9}\r\n\r\n`)
  await new Promise((resolve) => socket.write(Buffer.concat([begin, block.subarray(0, block.length / 2)]), resolve))
  return socket
}
