import type { Clock } from '#server/ports/clock.ts'

/** How many lines of whom which process holds, by scope; and who is here, which ends some seconds after the last line. */
export class PresenceTable {
  readonly #clock: Clock
  readonly #graceMs: number
  readonly #changed: (scope: string, accountId: string, isHere: boolean) => void
  readonly #scopes = new Map<string, Map<string, Map<string, number>>>()
  readonly #leaving = new Map<string, { cancel(): void }>()

  constructor(parts: { clock: Clock; graceMs: number; changed: (scope: string, accountId: string, isHere: boolean) => void }) {
    this.#clock = parts.clock
    this.#graceMs = parts.graceMs
    this.#changed = parts.changed
  }

  count(scope: string, accountId: string): number {
    let sum = 0
    for (const count of this.#scopes.get(scope)?.get(accountId)?.values() ?? []) sum += count
    return sum
  }

  countOf(node: string, scope: string, accountId: string): number {
    return this.#scopes.get(scope)?.get(accountId)?.get(node) ?? 0
  }

  /** Also while a last line is missing for less than the grace. */
  isHere(scope: string, accountId: string): boolean {
    return this.#scopes.get(scope)?.has(accountId) ?? false
  }

  people(scope: string): string[] {
    return [...(this.#scopes.get(scope)?.keys() ?? [])]
  }

  all(node: string): [scope: string, accountId: string, count: number][] {
    return [...this.#scopes].flatMap(([scope, people]) =>
      [...people].flatMap(([accountId, nodes]): [string, string, number][] => {
        const count = nodes.get(node)
        return count === undefined ? [] : [[scope, accountId, count]]
      }),
    )
  }

  add(node: string, scope: string, accountId: string, by: number): void {
    this.set(node, scope, accountId, this.countOf(node, scope, accountId) + by)
  }

  set(node: string, scope: string, accountId: string, count: number): void {
    if (count > 0) this.#come(node, scope, accountId, count)
    else this.#go(node, scope, accountId)
  }

  #come(node: string, scope: string, accountId: string, count: number): void {
    let people = this.#scopes.get(scope)
    if (!people) this.#scopes.set(scope, (people = new Map()))
    const nodes = people.get(accountId)
    if (nodes) nodes.set(node, count)
    else people.set(accountId, new Map([[node, count]]))
    const key = `${scope}\n${accountId}`
    this.#leaving.get(key)?.cancel()
    this.#leaving.delete(key)
    if (!nodes) this.#changed(scope, accountId, true)
  }

  #go(node: string, scope: string, accountId: string): void {
    const nodes = this.#scopes.get(scope)?.get(accountId)
    if (!nodes?.delete(node) || nodes.size > 0) return
    const key = `${scope}\n${accountId}`
    this.#leaving.set(
      key,
      this.#clock.after(this.#graceMs, () => {
        this.#leaving.delete(key)
        const people = this.#scopes.get(scope)
        people?.delete(accountId)
        if (people?.size === 0) this.#scopes.delete(scope)
        this.#changed(scope, accountId, false)
      }),
    )
  }

  forget(node: string): void {
    for (const [scope, accountId] of this.all(node)) this.#go(node, scope, accountId)
  }
}
