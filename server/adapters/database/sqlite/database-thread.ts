import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { failureOf } from './failures.ts'
import { openFile } from './file.ts'
import type { Reply, Request, ThreadData } from './messages.ts'
import { StatementCache } from './statement-cache.ts'
import { Writer } from './writer.ts'

/** The thread that writes, or one that reads what takes long. It loads nothing but SQLite. */
function work(port: MessagePort, { kind, path, maxPages, interactiveMs }: ThreadData): void {
  const db = openFile(path, { reader: kind === 'reader' })
  if (maxPages !== undefined) db.prepare(`pragma max_page_count = ${Math.trunc(maxPages)}`).get()
  let closing: number | undefined
  const send = (replies: Reply[]) => port.postMessage(replies)
  const receive = () => {
    const requests: Request[] = []
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port))
      requests.push(...noteClosing(more.message as Request[]))
    return requests
  }
  const noteClosing = (requests: Request[]) => {
    closing ??= requests.find((request) => request[0] === 'close')?.[1]
    return requests
  }
  const writer = kind === 'writer' ? new Writer(db, { send, receive, interactiveMs }) : undefined
  const statements = new StatementCache(db)

  port.on('message', (requests: Request[]) => {
    noteClosing(requests)
    if (writer) writer.take(requests)
    else for (const request of requests) if (request[0] === 'read') send([read(statements, request)])
    if (closing === undefined) return
    db.close()
    send([[closing, true]])
    port.close()
  })
}

function read(statements: StatementCache, [, id, sql, parameters]: Extract<Request, [kind: 'read', ...unknown[]]>): Reply {
  const startedMs = performance.now()
  try {
    const rows = statements.get(sql).statement.all(...parameters)
    return [id, { rows, tookMs: performance.now() - startedMs }]
  } catch (error) {
    return [id, undefined, failureOf(error, sql)]
  }
}

if (!parentPort) throw new Error('this file is a thread')
work(parentPort, workerData as ThreadData)
