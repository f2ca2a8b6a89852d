import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { RedisLine } from '#server/adapters/redis/line.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { createCapturedLog } from './captured-log.ts'

export type TestLine = AsyncDisposable & { line: RedisLine }

/** A line to a Redis, or to a proxy before one, that stands when this resolves. */
export async function openLine(
  to: { url: string } | { port: number },
  parts: { log?: Log; clock?: Clock; ca?: string; slowMs?: number } = {},
): Promise<TestLine> {
  const url = 'url' in to ? to.url : `redis://127.0.0.1:${to.port}`
  const line = new RedisLine({
    url,
    name: 'test',
    clock: parts.clock ?? systemClock,
    log: parts.log ?? createCapturedLog(),
    ...(parts.ca ? { ca: parts.ca } : {}),
    ...(parts.slowMs ? { slowMs: parts.slowMs } : {}),
  })
  await line.whenUp(5000)
  return { line, [Symbol.asyncDispose]: () => line.close() }
}
