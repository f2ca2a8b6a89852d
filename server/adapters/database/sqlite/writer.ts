import type { DatabaseSync } from 'node:sqlite'
import { failureOf } from './failures.ts'
import type { Failure, Reply, Request, SentStatement } from './messages.ts'
import { StatementCache } from './statement-cache.ts'

/** A transaction that is asked statement by statement; it waits for its turn, and what it was asked meanwhile with it. */
type Interactive = { kind: 'interactive'; number: number; asked: Request[]; state: 'waiting' | 'open' | 'broken'; failure?: Failure }
type Member = { kind: 'commit'; id: number; statements: SentStatement[] } | Interactive

export type WriterOptions = {
  /** Answers. */
  send(replies: Reply[]): void
  /** What has arrived meanwhile, without waiting. */
  receive(): Request[]
  /** How many share one sync at most, and for how long one that is done waits for others that are not. */
  groupMembers?: number
  groupMs?: number
  /** How long an interactive transaction may take. */
  interactiveMs?: number | undefined
}

/**
 * The one hand that writes. Each transaction is a savepoint in an outer one; the outer one is committed, which syncs, when nobody waits any
 * more, and only then are its members told. While the disk syncs the next ones gather: so the busier it is, the more share a sync.
 */
export class Writer {
  #db: DatabaseSync
  #options: WriterOptions & { groupMembers: number; groupMs: number; interactiveMs: number }
  #statements: StatementCache
  #waiting: Member[] = []
  #interactives = new Map<number, Interactive>()
  #open: Interactive | undefined
  #deadline: NodeJS.Timeout | undefined
  #done: Reply[] = []
  #groupStarted = 0

  constructor(db: DatabaseSync, options: WriterOptions) {
    this.#db = db
    this.#options = { groupMembers: 256, groupMs: 4, ...options, interactiveMs: options.interactiveMs ?? 5000 }
    this.#statements = new StatementCache(db)
  }

  take(requests: readonly Request[]): void {
    this.#sort(requests)
    while (this.#step());
  }

  #sort(requests: readonly Request[]): void {
    for (const request of requests) {
      if (request[0] === 'commit') this.#waiting.push({ kind: 'commit', id: request[1], statements: request[2] })
      else if (request[0] === 'query' || request[0] === 'end') this.#ask(this.#interactive(request[2]), request)
    }
  }

  #interactive(number: number): Interactive {
    const known = this.#interactives.get(number)
    if (known) return known
    const interactive: Interactive = { kind: 'interactive', number, asked: [], state: 'waiting' }
    this.#interactives.set(number, interactive)
    this.#waiting.push(interactive)
    return interactive
  }

  #ask(interactive: Interactive, request: Request): void {
    if (interactive.state !== 'broken') interactive.asked.push(request)
    else this.#refuse(interactive, request)
  }

  /** One thing at a time; false when there is nothing to do but wait for messages. */
  #step(): boolean {
    if (this.#open) return this.#serve(this.#open)
    const isFull = this.#done.length >= this.#options.groupMembers
    if (isFull || (this.#done.length > 0 && performance.now() - this.#groupStarted > this.#options.groupMs)) this.#commitGroup()
    const next = this.#waiting.shift()
    if (next) {
      this.#start(next)
      return true
    }
    if (!this.#db.isTransaction) return false
    const more = this.#options.receive()
    if (more.length > 0) this.#sort(more)
    else this.#commitGroup()
    return true
  }

  #start(member: Member): void {
    if (!this.#db.isTransaction) {
      try {
        this.#run('begin immediate')
        this.#groupStarted = performance.now()
      } catch (error) {
        const failure = failureOf(error, 'begin')
        if (member.kind === 'interactive') this.#break(member, failure)
        else this.#options.send([[member.id, undefined, failure]])
        return
      }
    }
    if (member.kind === 'commit') return this.#commit(member.id, member.statements)
    this.#run('savepoint member')
    member.state = 'open'
    this.#open = member
    this.#deadline = setTimeout(() => this.#expire(member), this.#options.interactiveMs)
  }

  #commit(id: number, statements: SentStatement[]): void {
    // A single statement that may affect any number of rows is undone by the database itself when it fails.
    const [only] = statements
    const bare = statements.length === 1 && only?.[2] === -1
    if (!bare) this.#run('savepoint member')
    const affected: number[] = []
    const failure = this.#all(statements, affected)
    if (!this.#db.isTransaction) return this.#lost(id, failure)
    if (failure) {
      if (!bare) this.#run('rollback to member')
      this.#options.send([[id, undefined, failure]])
    } else this.#done.push([id, affected])
    if (!bare) this.#run('release member')
  }

  #all(statements: readonly SentStatement[], affected: number[]): Failure | undefined {
    for (const [index, [sql, parameters, rows]] of statements.entries()) {
      try {
        const changes = Number(this.#statements.get(sql).statement.run(...parameters).changes)
        affected.push(changes)
        if (rows >= 0 && changes !== rows) return { kind: 'unexpected', statement: index, rows: changes }
      } catch (error) {
        return failureOf(error, sql)
      }
    }
    return undefined
  }

  /** Serves the open transaction; false when it has asked nothing more yet. */
  #serve(interactive: Interactive): boolean {
    const request = interactive.asked.shift()
    if (!request) return false
    if (request[0] === 'query') this.#query(interactive, request[1], request[3], request[4])
    else if (request[0] === 'end') this.#end(interactive, request[1], request[3])
    return true
  }

  #query(interactive: Interactive, id: number, sql: string, parameters: SentStatement[1]): void {
    try {
      const { statement, reads } = this.#statements.get(sql)
      const answer = reads
        ? { rows: statement.all(...parameters), affected: undefined }
        : { rows: [], affected: Number(statement.run(...parameters).changes) }
      this.#options.send([[id, answer]])
    } catch (error) {
      const failure = failureOf(error, sql)
      if (this.#db.isTransaction) return this.#options.send([[id, undefined, failure]])
      this.#lost(id, failure)
      this.#break(interactive, failure)
    }
  }

  #end(interactive: Interactive, id: number, keep: boolean): void {
    clearTimeout(this.#deadline)
    this.#open = undefined
    this.#interactives.delete(interactive.number)
    if (!keep) this.#run('rollback to member')
    this.#run('release member')
    if (keep) this.#done.push([id, true])
    else this.#options.send([[id, true]])
  }

  #expire(interactive: Interactive): void {
    if (this.#open !== interactive) return
    this.#run('rollback to member')
    this.#run('release member')
    const message = `the transaction was broken off: it took longer than ${this.#options.interactiveMs} ms`
    this.#break(interactive, { kind: 'bug', message, sql: 'transaction' })
    this.take([])
  }

  /** It holds up nobody any more; whatever it asks is refused until it ends. */
  #break(interactive: Interactive, failure: Failure): void {
    clearTimeout(this.#deadline)
    if (this.#open === interactive) this.#open = undefined
    interactive.state = 'broken'
    interactive.failure = failure
    for (const request of interactive.asked.splice(0)) this.#refuse(interactive, request)
  }

  #refuse(interactive: Interactive, request: Request): void {
    const isEnd = request[0] === 'end'
    if (isEnd) this.#interactives.delete(interactive.number)
    this.#options.send([isEnd && !request[3] ? [request[1], true] : [request[1], undefined, interactive.failure ?? groupFailed]])
  }

  #commitGroup(): void {
    const members = this.#done
    this.#done = []
    try {
      this.#run('commit')
      this.#options.send(members)
    } catch (error) {
      if (this.#db.isTransaction) this.#run('rollback')
      this.#options.send(members.map(([id]) => [id, undefined, failedCommit(error)]))
    }
  }

  /** SQLite has undone the outer transaction, as it does when the disk fails: everybody in it has to know. */
  #lost(id: number, failure: Failure | undefined): void {
    const members = this.#done
    this.#done = []
    const others = members.map(([other]): Reply => [other, undefined, groupFailed])
    this.#options.send([[id, undefined, failure ?? groupFailed], ...others])
  }

  #run(sql: string): void {
    this.#statements.get(sql).statement.run()
  }
}

const groupFailed: Failure = { kind: 'retry', message: 'the disk failed for another transaction of the group' }

/** After a failed sync nobody knows what a crash would leave; a full disk, or a lock, is known to have left nothing. */
function failedCommit(error: unknown): Failure {
  const failure = failureOf(error, 'commit')
  return failure.kind === 'full' || (failure.kind === 'retry' && !failure.message.includes('disk I/O'))
    ? failure
    : { kind: 'unknown', message: String(error) }
}
