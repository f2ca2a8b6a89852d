import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Whose work this is, so that they see what they have written, though reading goes to replicas that lag. A door opens one around each
 * request, socket message and task: `key` is the account (or the session of a stranger, or the task).
 *
 * `wroteAtMs` is when they wrote last, as far as the door knows; a write within moves it. A door that has a place for it hands it on (HTTP:
 * a cookie that lives a minute), so that it reaches the next process surely; the others hear of it over the bus, usually in time.
 */
export type ViewerScope = { key: string; wroteAtMs: number | undefined }

const scopes = new AsyncLocalStorage<ViewerScope>()

export function withViewerScope<R>(scope: ViewerScope, work: () => R): R {
  return scopes.run(scope, work)
}

export function viewerScope(): ViewerScope | undefined {
  return scopes.getStore()
}

/** Who asked as a stranger has just become somebody: what is written from here on is theirs, and what they read next is to show it. */
export function continueAs(key: string): void {
  const scope = scopes.getStore()
  if (scope) scope.key = key
}
