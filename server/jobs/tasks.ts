import type { Database } from '#server/database/database.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import { createOutboxStore } from './outbox-store.ts'
import type { Registry } from './registry.ts'

/** What producers ask. A kind that nobody has declared, or a payload that does not fit, is a bug of the producer. */
export function createTasks({ db, queue, registry }: { db: Database<'outbox'>; queue: Queue; registry: Registry }): Tasks {
  const store = createOutboxStore(db)
  return {
    async add(kindName, payload, options = {}) {
      const kind = registry.find(kindName)
      if (!kind) throw new TypeError(`there is no kind of tasks called ${kindName}`)
      const complaint = registry.complaint(kind, payload)
      if (complaint !== undefined) throw new TypeError(`a payload for ${kindName}: ${complaint}`)
      const maxAttempts = options.maxAttempts ?? kind.maxAttempts
      try {
        return await queue.add(kindName, { ...options, payload, ...(maxAttempts === undefined ? {} : { maxAttempts }) })
      } catch (cause) {
        throw new Problem('unavailable', 'tasks.unreachable', { cause, retryAfterMs: 2000 })
      }
    },
    setPriority: (id, priority) => queue.setPriority(id, priority),
    async cancel(id) {
      // [O5] The row first: nobody rings for it any more when the queue has heard.
      await db.commit([store.settle([id]), store.delete([id])])
      return queue.cancel(id)
    },
    find: (id) => queue.find(id),
    findByKey: (kind, key) => queue.findByKey(kind, key),
  }
}
