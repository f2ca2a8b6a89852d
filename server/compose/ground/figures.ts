import type { Metrics } from '#server/lib/metrics.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Rows } from './database.ts'

type Counted = { cache: Pick<Cache, 'figures'>; queue: Pick<Queue, 'counts'>; replicas: Rows['replicas'] }

/** What Prometheus is told of the parts. Labels are words of ours, kinds of tasks, and the replicas that the configuration names. */
export function countGround(metrics: Metrics, { cache, queue, replicas }: Counted): void {
  countCache(metrics, cache)
  countQueue(metrics, queue)
  countReplicas(metrics, replicas)
}

function countCache(metrics: Metrics, cache: Counted['cache']): void {
  const grows = { kind: 'counter' } as const
  metrics.read('matinee_cache_requests_total', 'Values asked for, by where they came from.', { labels: ['from'], ...grows }, () => {
    const { memoryHits, sharedHits, loads } = cache.figures()
    return Object.entries({ memory: memoryHits, shared: sharedHits, load: loads }).map(([from, value]) => ({
      labels: [from],
      value,
    }))
  })
  metrics.read('matinee_cache_stale_total', 'Values answered while they were loaded anew.', grows, () => cache.figures().staleHits)
  metrics.read('matinee_cache_load_failures_total', 'Loads that failed.', grows, () => cache.figures().loadFailures)
  metrics.read('matinee_cache_invalidations_total', 'Tags that were forgotten.', grows, () => cache.figures().invalidations)
  metrics.read('matinee_cache_bytes', 'Memory that cached values take, about.', {}, () => cache.figures().bytes)
  metrics.read('matinee_cache_entries', 'Values in memory.', {}, () => cache.figures().entries)
}

/** The same whichever process is asked: of one database or Redis. Nothing is said while the queue cannot be asked. */
function countQueue(metrics: Metrics, queue: Counted['queue']): void {
  let known: { labels: string[]; value: number }[] = []
  metrics.ahead(async () => {
    known = []
    const counts = await queue.counts()
    known = Object.entries(counts).flatMap(([kind, states]) =>
      Object.entries(states).map(([state, value]) => ({ labels: [kind, state], value })),
    )
  })
  metrics.read('matinee_tasks', 'Tasks of a kind in a state, in all processes.', { labels: ['kind', 'state'] }, () => known)
}

function countReplicas(metrics: Metrics, replicas: Counted['replicas']): void {
  const labels = ['replica']
  metrics.read('matinee_database_replica_in_use', '1 while a replica is read from, 0 while it is left out.', { labels }, () =>
    replicas().map(({ name, state }) => ({ labels: [name], value: state.is === 'fine' ? 1 : 0 })),
  )
  metrics.read('matinee_database_replica_lag_seconds', 'How late a replica is, where it can be asked.', { labels }, () =>
    replicas().flatMap(({ name, state }) => ('lagMs' in state ? [{ labels: [name], value: state.lagMs / 1000 }] : [])),
  )
}
