import { createHmac } from 'node:crypto'
import { backoffMs } from '#server/lib/backoff.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { BusinessServer } from './business.ts'
import type { TaskRow, UploadStore } from './store.ts'

export type CallbackParts = {
  store: UploadStore
  business: () => readonly BusinessServer[]
  clock: Clock
  log: Log
  sending: Map<number, Promise<void>>
  signal: AbortSignal
}

const patienceMs = 86_400_000
const answerWithinMs = 10_000
/** Longer than any attempt: whoever has taken a callback and died holds it no longer than this. */
const leaseMs = 30_000
const pauses = { firstMs: 1000, mostMs: 3_600_000 }

/** upload-protocol, "Callbacks are delivered at least once". Answers how many were due. */
export async function sendDueCallbacks(parts: CallbackParts): Promise<number> {
  const due = await parts.store.listDueCallbacks(parts.clock.now())
  await Promise.all(due.map((row) => sendOnce(parts, row)))
  return due.length
}

/** Whoever asks while it is being sent waits for that. */
function sendOnce(parts: CallbackParts, row: TaskRow): Promise<void> {
  const { sending } = parts
  const sent = sending.get(row.id) ?? send(parts, row).finally(() => sending.delete(row.id))
  sending.set(row.id, sent)
  return sent
}

async function send(parts: CallbackParts, row: TaskRow): Promise<void> {
  const { store, clock, log, signal } = parts
  const lease = { callback_due_ms: clock.now() + leaseMs, callback_tries: row.callback_tries + 1 }
  if (!(await store.change(row, lease))) return
  const held = { ...row, ...lease, version: row.version + 1 }
  const server = parts.business().find(({ name }) => name === row.server)
  const failure = server ? await post(server, { row, clock, signal }) : 'its business server is no longer in the configuration'
  if (failure === undefined) {
    await store.change(held, { callback_due_ms: null, callback_tries: 0 })
    return
  }
  // Given up because the house closes: the next one sends it at once.
  if (signal.aborted) return void (await store.change(held, { callback_due_ms: row.callback_due_ms, callback_tries: row.callback_tries }))
  const isLate = clock.now() - (row.callback_since_ms ?? 0) >= patienceMs
  log.warn(isLate ? 'uploads.callback_given_up' : 'uploads.callback_failed', { taskId: row.id, server: row.server, failure })
  await store.change(held, { callback_due_ms: isLate ? null : clock.now() + Math.ceil(backoffMs(held.callback_tries, pauses)) })
}

/** What went wrong; undefined: it was heard. The answer's body is ignored, redirects are not followed. */
async function post(
  server: BusinessServer,
  { row, clock, signal }: { row: TaskRow; clock: Clock; signal: AbortSignal },
): Promise<string | undefined> {
  const isStored = row.callback_code === '0'
  const data: unknown = isStored && row.parameter !== null ? JSON.parse(row.parameter) : null
  const body = JSON.stringify({ retCode: row.callback_code, status: isStored ? 'ok' : row.callback_text, data })
  const late = new AbortController()
  const timer = clock.after(answerWithinMs, () => late.abort(new Error('it did not answer in time')))
  try {
    if (server.hear) {
      await server.hear(row, signal)
      return undefined
    }
    const answer = await fetch(server.notifyUrl, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
      headers: {
        'content-type': 'application/json',
        'upload-task-id': String(row.id),
        'upload-signature': createHmac('sha256', server.token).update(body).digest('hex'),
      },
    })
    await answer.body?.cancel()
    return answer.ok ? undefined : `it answered ${answer.status}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    timer.cancel()
  }
}
