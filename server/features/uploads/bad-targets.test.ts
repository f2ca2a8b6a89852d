import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { openUploadsHouse, sendBlock, type Urls } from '#server/testing/uploads-house.ts'

const hourMs = 3_600_000
const within = { timeout: 60_000, interval: 5 }

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('[F13] a target that is down, slow, lying and redirecting for an hour hears once it listens, and no other is ever told', async () => {
  let isElsewhereAsked = false
  const elsewhere = await listen((_, response) => {
    isElsewhereAsked = true
    response.end()
  })
  const bad: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    (request) => void request.socket.resetAndDestroy(),
    // Never a word; never an end.
    () => {},
    (_, response) => void response.writeHead(500).write('and so on'),
    // It says one thing and does another.
    (request) => void request.socket.end('HTTP/1.1 2000 fine\r\n\r\n'),
    (_, response) => void response.writeHead(500, { 'content-length': 100 }).end('ok, retCode 0'),
    (request) => void request.socket.end('{"retCode":"0"}'),
    (_, response) => void response.writeHead(302, { location: `${elsewhere}/notify` }).end(),
    (_, response) => void response.writeHead(307, { location: `${elsewhere}/notify` }).end(),
    (_, response) => void response.writeHead(404).end(),
  ]
  let asked = 0
  let isBad = true
  const heard: unknown[] = []
  const target = await listen((request, response) => {
    const behave = bad[asked++ % bad.length]
    if (isBad) return behave?.(request, response)
    heard.push(request.headers['upload-task-id'])
    response.writeHead(200).write('a body without an end is not waited for')
  })
  const clock = createHeldClock()
  // A task cannot name another target than the one that is configured.
  const house = await openUploadsHouse({ clock, server: { notifyUrl: target } })
  const bytes = randomBytes(100)
  const urls = (await house.open(bytes, { notifyUrl: elsewhere })).data as Urls
  await sendBlock(urls, bytes, 0, bytes.length)
  const startMs = clock.now()
  while (asked < bad.length || clock.now() - startMs < hourMs) {
    const before = asked
    await expect.poll(async () => (await clock.advance(10_000), asked), within).toBeGreaterThan(before)
  }
  isBad = false
  await expect.poll(async () => (await clock.advance(60_000), heard[0]), within).toBe(String(urls.taskId))
  const desk = await house.post(`${await house.url()}/api/upload/tasks`, { token: 'agreed-between-us' })
  await expect.poll(async () => (await clock.advance(1000), desk.retCode), within).toBe('0')
  expect([isElsewhereAsked, house.heard]).toEqual([false, []])
}, 300_000)
