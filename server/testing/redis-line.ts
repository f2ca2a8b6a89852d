import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { RedisLine } from '#server/adapters/redis/line.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { createCapturedLog } from './captured-log.ts'

export type TestLine = AsyncDisposable & { line: RedisLine }

/** Longer than a crowded machine lets a Redis wait that is well; what holds of a slow one is tried by a line through a proxy. */
const patientMs = 2500

/** A line to a Redis, or to a proxy before one, that stands when this resolves. Through a proxy it is as impatient as in a real house. */
export async function openLine(
  to: { url: string } | { port: number },
  parts: { log?: Log; clock?: Clock; ca?: string; slowMs?: number } = {},
): Promise<TestLine> {
  const url = 'url' in to ? to.url : `redis://127.0.0.1:${to.port}`
  const slowMs = parts.slowMs ?? ('url' in to ? patientMs : undefined)
  const line = new RedisLine({
    url,
    name: 'test',
    clock: parts.clock ?? systemClock,
    log: parts.log ?? createCapturedLog(),
    ...(parts.ca ? { ca: parts.ca } : {}),
    ...(slowMs ? { slowMs } : {}),
  })
  await line.whenUp(60_000)
  return { line, [Symbol.asyncDispose]: () => line.close() }
}
