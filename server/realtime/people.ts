import type { Connection } from './connection.ts'

/** Everybody who is connected to this process, with their lines, the oldest first. */
export class People {
  readonly #connections = new Map<number, Connection>()
  readonly #byAccount = new Map<string, Connection[]>()

  get size(): number {
    return this.#connections.size
  }

  get persons(): number {
    return this.#byAccount.size
  }

  all(): IterableIterator<Connection> {
    return this.#connections.values()
  }

  byNumber(number: number): Connection | undefined {
    return this.#connections.get(number)
  }

  of(accountId: string): readonly Connection[] {
    return this.#byAccount.get(accountId) ?? []
  }

  add(connection: Connection): void {
    this.#connections.set(connection.number, connection)
    const { accountId } = connection
    if (accountId !== undefined) this.#byAccount.set(accountId, [...this.of(accountId), connection])
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection.number)
    const { accountId } = connection
    if (accountId === undefined) return
    const left = this.of(accountId).filter((other) => other !== connection)
    if (left.length === 0) this.#byAccount.delete(accountId)
    else this.#byAccount.set(accountId, left)
  }
}
