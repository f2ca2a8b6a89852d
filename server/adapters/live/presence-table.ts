import type { Clock } from '#server/ports/clock.ts'

/**
 * How many lines of whom which process holds, by scope; and who is here, which ends some seconds after the last line. What this process holds stands
 * apart: it is most of it, and a number is all it takes.
 */
export class PresenceTable {
  readonly #clock: Clock
  readonly #graceMs: number
  readonly #changed: (scope: string, accountId: string, isHere: boolean) => void
  readonly #own = new Map<string, Map<string, number>>()
  readonly #others = new Map<string, Map<string, Map<string, number>>>()
  readonly #leaving = new Map<string, Map<string, { cancel(): void }>>()

  constructor(parts: { clock: Clock; graceMs: number; changed: (scope: string, accountId: string, isHere: boolean) => void }) {
    this.#clock = parts.clock
    this.#graceMs = parts.graceMs
    this.#changed = parts.changed
  }

  count(scope: string, accountId: string): number {
    let sum = this.own(scope, accountId)
    for (const count of this.#others.get(scope)?.get(accountId)?.values() ?? []) sum += count
    return sum
  }

  own(scope: string, accountId: string): number {
    return this.#own.get(scope)?.get(accountId) ?? 0
  }

  /** Also while a last line is missing for less than the grace. */
  isHere(scope: string, accountId: string): boolean {
    return this.#isConnected(scope, accountId) || (this.#leaving.get(scope)?.has(accountId) ?? false)
  }

  #isConnected(scope: string, accountId: string): boolean {
    return (this.#own.get(scope)?.has(accountId) ?? false) || (this.#others.get(scope)?.has(accountId) ?? false)
  }

  people(scope: string): string[] {
    const all = [this.#own, this.#others, this.#leaving].flatMap((table) => [...(table.get(scope)?.keys() ?? [])])
    return [...new Set(all)]
  }

  allOwn(): [scope: string, accountId: string, count: number][] {
    return [...this.#own].flatMap(([scope, people]) =>
      [...people].map(([accountId, count]): [string, string, number] => [scope, accountId, count]),
    )
  }

  addOwn(scope: string, accountId: string, by: 1 | -1): void {
    const count = this.own(scope, accountId) + by
    this.#changing(scope, accountId, () => {
      if (count > 0) folder(this.#own, scope).set(accountId, count)
      else remove(this.#own, scope, accountId)
    })
  }

  set(node: string, scope: string, accountId: string, count: number): void {
    this.#changing(scope, accountId, () => {
      if (count > 0) folder(folder(this.#others, scope), accountId).set(node, count)
      else this.#drop(node, scope, accountId)
    })
  }

  #drop(node: string, scope: string, accountId: string): void {
    const nodes = this.#others.get(scope)?.get(accountId)
    nodes?.delete(node)
    if (nodes?.size === 0) remove(this.#others, scope, accountId)
  }

  /** A process is gone, or is about to say everything anew. */
  forget(node: string): void {
    for (const [scope, people] of [...this.#others]) {
      for (const [accountId, nodes] of [...people]) if (nodes.has(node)) this.set(node, scope, accountId, 0)
    }
  }

  #changing(scope: string, accountId: string, change: () => void): void {
    const wasHere = this.isHere(scope, accountId)
    const wasConnected = this.#isConnected(scope, accountId)
    change()
    const isConnected = this.#isConnected(scope, accountId)
    if (wasConnected === isConnected) return
    if (isConnected) {
      this.#leaving.get(scope)?.get(accountId)?.cancel()
      remove(this.#leaving, scope, accountId)
      if (!wasHere) this.#changed(scope, accountId, true)
      return
    }
    const timer = this.#clock.after(this.#graceMs, () => {
      remove(this.#leaving, scope, accountId)
      this.#changed(scope, accountId, false)
    })
    folder(this.#leaving, scope).set(accountId, timer)
  }
}

function folder<V>(table: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let found = table.get(key)
  if (!found) table.set(key, (found = new Map<string, V>()))
  return found
}

function remove<V>(table: Map<string, Map<string, V>>, scope: string, accountId: string): void {
  const people = table.get(scope)
  people?.delete(accountId)
  if (people?.size === 0) table.delete(scope)
}
