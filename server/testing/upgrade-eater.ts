import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy as they stand in offices and hotels: it carries HTTP and has never heard of upgrades. */
export async function openUpgradeEater(target: { port: number }): Promise<{ port: number; origin: string } & AsyncDisposable> {
  const server = createServer((near, answer) => {
    const headers = { ...near.headers }
    delete headers.connection
    delete headers.upgrade
    const far = request({ port: target.port, host: '127.0.0.1', method: near.method, path: near.url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      // What an event is worth shows only when it is passed on at once.
      response.pipe(answer)
    })
    far.on('error', () => answer.destroy())
    answer.on('close', () => far.destroy())
    near.pipe(far)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
