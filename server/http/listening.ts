import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpSettings } from './settings.ts'

export type Listening = { host: string; port: number; url: string }

export async function listenOn(server: Server, { host, port }: Pick<HttpSettings, 'host' | 'port'>): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host === '' ? {} : { host }), backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  const isAny = host === '' || address.address === '::' || address.address === '0.0.0.0'
  const shown = isAny ? 'localhost' : address.family === 'IPv6' ? `[${address.address}]` : address.address
  return { host: isAny ? '' : address.address, port: address.port, url: `http://${shown}:${address.port}` }
}

/** Idle lines go at once; those at work have `drainMs` to end. */
export async function closeServer(server: Server, drainMs: number): Promise<void> {
  if (!server.listening) {
    server.closeAllConnections()
    return
  }
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // What was at work a moment ago is idle now, and its keeper does not know that we are leaving.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(sweep)
  clearTimeout(timer)
}
