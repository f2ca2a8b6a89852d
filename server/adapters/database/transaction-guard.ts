import { AsyncLocalStorage } from 'node:async_hooks'

type Scope = { ground: object; isOpen: boolean }

const scopes = new AsyncLocalStorage<Scope>()

/** Runs `work` so that everything it calls, however deep, is known to be inside a transaction of this database. */
export async function inTransaction<R>(ground: object, work: () => Promise<R>): Promise<R> {
  const scope = { ground, isOpen: true }
  try {
    return await scopes.run(scope, work)
  } finally {
    scope.isOpen = false
  }
}

/** Beside the transaction it would wait for it for ever (SQLite), or not see and not undo what it does (MySQL). */
export function refuseInside(ground: object): void {
  const scope = scopes.getStore()
  if (scope?.isOpen && scope.ground === ground) throw new Error('inside a transaction only trx may be used')
}
