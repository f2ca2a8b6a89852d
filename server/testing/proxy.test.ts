import { connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { openProxy } from './proxy.ts'

async function openEcho() {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

async function openCaller(port: number) {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  let isClosed = false
  socket.on('data', (chunk) => {
    heard += String(chunk)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
  })
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  return {
    say: (text: string) => socket.write(text),
    heard: () => heard,
    isClosed: () => isClosed,
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

test('what is said passes; a delay delays it; a black hole keeps it until the line is restored', async () => {
  await using echo = await openEcho()
  await using proxy = await openProxy({ port: echo.port })
  using caller = await openCaller(proxy.port)
  caller.say('one ')
  await expect.poll(caller.heard).toBe('one ')

  proxy.delay(100)
  const startMs = performance.now()
  caller.say('two ')
  await expect.poll(caller.heard, { interval: 5 }).toBe('one two ')
  expect(performance.now() - startMs).toBeGreaterThan(195)

  proxy.delay(0)
  proxy.blackHole()
  caller.say('three')
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(caller.heard()).toBe('one two ')
  proxy.restore()
  await expect.poll(caller.heard).toBe('one two three')
})

test('a cut ends connections and refuses new ones until the line is restored', async () => {
  await using echo = await openEcho()
  await using proxy = await openProxy({ port: echo.port })
  using caller = await openCaller(proxy.port)
  proxy.cut()
  await expect.poll(caller.isClosed).toBe(true)
  using refused = await openCaller(proxy.port)
  await expect.poll(refused.isClosed).toBe(true)
  proxy.restore()
  using again = await openCaller(proxy.port)
  again.say('back')
  await expect.poll(again.heard).toBe('back')
})

test('a rate holds bytes back', async () => {
  await using echo = await openEcho()
  await using proxy = await openProxy({ port: echo.port })
  using caller = await openCaller(proxy.port)
  proxy.rate(50_000)
  const startMs = performance.now()
  caller.say('x'.repeat(20_000))
  await expect.poll(() => caller.heard().length, { interval: 5 }).toBe(20_000)
  expect(performance.now() - startMs).toBeGreaterThan(350)
})
