import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type S3Front = {
  readonly port: number
  /** Which parts the store has taken, by the name of the blob, in their order. */
  taken: { name: string; part: number }[]
  /** While it is, nothing that is sent arrives. */
  isDown: boolean
} & AsyncDisposable

/** Stands before an S3 server, hands everything on, and keeps what parts came through. */
export async function openS3Front(port: number): Promise<S3Front> {
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing))
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, url = '', headers } = incoming
    const body = Buffer.concat(await incoming.toArray().catch(() => []))
    const { pathname, searchParams } = new URL(url, 'http://front')
    const part = method === 'PUT' ? Number(searchParams.get('partNumber')) : 0
    if (front.isDown && method === 'PUT') return void outgoing.writeHead(503).end()
    const onward = openRequest({ port, method, path: url, headers: { ...headers, connection: 'close' } }, (answer) => {
      if (part > 0 && answer.statusCode === 200) front.taken.push({ name: pathname.split('/').slice(2).join('/'), part })
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      // The store may end an answer with its line alone.
      answer.on('data', (chunk) => outgoing.write(chunk)).on('close', () => outgoing.end())
    })
    onward.on('error', () => outgoing.headersSent || outgoing.destroy())
    onward.end(body)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const front: S3Front = {
    port: (server.address() as AddressInfo).port,
    taken: [],
    isDown: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return front
}
