import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { Metrics } from '#server/lib/metrics.ts'

/** What the runtime itself can tell: time, memory, and how late the loop is. */
export function watchRuntime(metrics: Metrics): { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const startedS = Date.now() / 1000 - process.uptime()
  const pauses = watchPauses()

  metrics.read(
    'process_cpu_seconds_total',
    'Time of the processor that the process has used.',
    { labels: ['mode'], kind: 'counter' },
    () => {
      const { user, system } = process.cpuUsage()
      return [
        { labels: ['user'], value: user / 1e6 },
        { labels: ['system'], value: system / 1e6 },
      ]
    },
  )
  metrics.read('process_start_time_seconds', 'When the process started.', {}, () => startedS)
  metrics.read('matinee_memory_bytes', 'Memory by kind.', { labels: ['kind'] }, () =>
    (Object.entries(process.memoryUsage()) as [string, number][]).map(([kind, value]) => ({ labels: [kind], value })),
  )
  metrics.read('matinee_event_loop_delay_seconds', 'How late the event loop was since the last look.', { labels: ['quantile'] }, () => {
    const readings = [0.5, 0.99, 1].map((quantile) => ({
      labels: [String(quantile)],
      value: atLeastZero(delay.percentile(quantile * 100) / 1e9 - 0.01),
    }))
    delay.reset()
    return readings
  })
  metrics.read('matinee_gc_seconds_total', 'Time in which the collector held everything up.', { labels: ['kind'], kind: 'counter' }, () =>
    [...pauses.seconds].map(([kind, value]) => ({ labels: [kind], value })),
  )
  return {
    stop() {
      delay.disable()
      pauses.stop()
    },
  }
}

const atLeastZero = (value: number) => (Number.isFinite(value) && value > 0 ? value : 0)

function watchPauses(): { seconds: Map<string, number>; stop(): void } {
  const kinds = new Map([
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  ])
  const seconds = new Map([...kinds.values()].map((kind) => [kind, 0]))
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = kinds.get((entry as unknown as { detail?: { kind?: number } }).detail?.kind ?? 0) ?? 'other'
      seconds.set(kind, (seconds.get(kind) ?? 0) + entry.duration / 1000)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return { seconds, stop: () => observer.disconnect() }
}
