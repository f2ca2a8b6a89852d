import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon } from '#server/testing/grounds.ts'
import { freePorts } from '#server/testing/parts/part-process.ts'
import { openRedis } from '#server/testing/parts/redis.ts'
import { testCertificate, testKey } from '#server/testing/parts/tls.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { openLine } from '#server/testing/redis-line.ts'
import { systemClock } from '../clock/system-clock.ts'
import { LineDown } from './errors.ts'
import { RedisLine } from './line.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describeWith('redis')('a line to Redis', () => {
  test('shows the password that its address has, and does not stand with another', async () => {
    await using redis = await openRedis({ password: 'pässwörd/ &?' })
    await using opened = await openLine(redis)
    expect(await opened.line.send(['PING'])).toBe('PONG')
    const log = createCapturedLog()
    const stranger = new RedisLine({ url: `redis://:wrong@127.0.0.1:${redis.port}`, name: 'test', clock: systemClock, log })
    await expect(stranger.whenUp(500)).rejects.toThrow(LineDown)
    await expect.poll(() => log.lines.length).toBe(1)
    expect(log.lines).toMatchObject([
      {
        level: 'warn',
        event: 'redis.line_down',
        fields: { error: expect.objectContaining({ message: expect.stringMatching(/WRONGPASS/) }) },
      },
    ])
    await stranger.close()
  })

  test('is encrypted where its address says so, and believes nobody whose certificate it does not know', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'matinee-tls-'))
    await writeFile(join(folder, 'cert.pem'), testCertificate)
    await writeFile(join(folder, 'key.pem'), testKey)
    const [port = 0] = await freePorts(1)
    const tls = [
      '--tls-port',
      String(port),
      '--tls-cert-file',
      join(folder, 'cert.pem'),
      '--tls-key-file',
      join(folder, 'key.pem'),
      '--tls-auth-clients',
      'no',
    ]
    await using redis = await openRedis({ password: 'secret', args: tls })
    const url = `rediss://:secret@127.0.0.1:${port}`
    {
      await using opened = await openLine({ url }, { ca: testCertificate })
      expect(await opened.line.send(['SET', 'key', 'value'])).toBe('OK')
    }
    expect(await redis.ask('GET', 'key')).toBe('value')
    const log = createCapturedLog()
    const wary = new RedisLine({ url, name: 'test', clock: systemClock, log })
    await expect(wary.whenUp(500)).rejects.toThrow(LineDown)
    await expect.poll(() => log.lines[0]?.fields.error).toMatchObject({ message: expect.stringMatching(/self-signed/) })
    await wary.close()
    await rm(folder, { recursive: true })
  })

  test('is there as soon as Redis is, however long that takes, and says it once', async () => {
    await using redis = await openRedis()
    await redis.kill()
    const log = createCapturedLog()
    const line = new RedisLine({ url: redis.url, name: 'test', clock: systemClock, log })
    await expect.poll(() => log.lines.map(({ event }) => event)).toEqual(['redis.line_down'])
    await pause(1000)
    expect(log.lines.map(({ event }) => event)).toEqual(['redis.line_down'])
    await expect(line.send(['PING'])).rejects.toThrow(LineDown)
    await redis.restart()
    await line.whenUp(60_000)
    expect(await line.send(['PING'])).toBe('PONG')
    expect(log.lines.map(({ event }) => event)).toEqual(['redis.line_down', 'redis.line_up'])
    await line.close()
  })

  test('knows one life of the server from the next', async () => {
    await using redis = await openRedis()
    await using opened = await openLine(redis)
    const first = opened.line.serverRun
    expect(first).toMatch(/^[0-9a-f]{40}$/)
    await redis.restart()
    await expect.poll(() => opened.line.isUp && opened.line.serverRun !== first).toBe(true)
  })

  test('[F7] refuses at once while it is suspect, and stands again by itself when the answers come in time', async () => {
    await using redis = await openRedis()
    await using proxy = await openProxy(redis)
    await using opened = await openLine(proxy)
    proxy.delay(300)
    await expect(opened.line.send(['PING'], 100)).rejects.toThrow(LineDown)
    const startMs = performance.now()
    for (let n = 0; n < 1000; n++) await expect(opened.line.send(['PING'])).rejects.toThrow(LineDown)
    expect(performance.now() - startMs).toBeLessThan(soon(400))
    proxy.delay(0)
    await expect.poll(() => opened.line.isUp).toBe(true)
    expect(proxy.connections).toBe(1)
    expect(await opened.line.send(['PING'], 60_000)).toBe('PONG')
  })

  test('an answer that lies there unread after a halt of our own process is not late', async () => {
    await using redis = await openRedis()
    await using opened = await openLine(redis)
    const answers = Promise.all(Array.from({ length: 50 }, () => opened.line.send(['PING'], 100)))
    await pause(0)
    const endMs = performance.now() + 1500
    while (performance.now() < endMs);
    expect(new Set(await answers)).toEqual(new Set(['PONG']))
    expect(opened.line.isUp).toBe(true)
  })

  test('a mistake in a command is a mistake, and no broken line', async () => {
    await using redis = await openRedis()
    await using opened = await openLine(redis)
    await expect(opened.line.send(['NO-SUCH-COMMAND'])).rejects.toThrow(/unknown command/)
    expect(opened.line.isUp).toBe(true)
  })

  test('closing ends what waits, also while nobody is there', async () => {
    await using redis = await openRedis()
    const line = new RedisLine({ url: redis.url, name: 'test', clock: systemClock, log: createCapturedLog() })
    await line.whenUp(60_000)
    redis.freeze()
    const waiting = expect(line.send(['PING'], 60_000)).rejects.toThrow()
    await line.close()
    await waiting
    await expect(line.send(['PING'])).rejects.toThrow(LineDown)
    redis.resume()
  })
})
