import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type * as ws from 'ws'
import { collectOnSignal } from './collect.ts'

// The loop from the README of ws; the very ws that Matinee uses, and not the older one beside the other peers.

const { WebSocket, WebSocketServer } = createRequire(join(import.meta.dirname, '../../../package.json'))('ws') as typeof ws

const http = createServer()
const server = new WebSocketServer({ server: http })
server.on('connection', (socket) => {
  socket.on('error', console.error)
  socket.on('message', (data, isBinary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary })
    }
  })
})
collectOnSignal()
http.listen(0, '127.0.0.1', () => console.log(`listening on ${(http.address() as AddressInfo).port}`))
