import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { collectOnSignal } from './collect.ts'

// A room of socket.io, as its guide has it.

type Socket = { join(room: string): void; on(event: string, heard: (data: unknown) => void): void }
type Server = {
  on(event: 'connection', met: (socket: Socket) => void): void
  to(room: string): { emit(event: string, data: unknown): void }
}

const path = createRequire(join(import.meta.dirname, '../package.json')).resolve('socket.io')
const { Server } = (await import(pathToFileURL(path).href)) as { Server: new (http: object) => Server }

const http = createServer()
const io = new Server(http)
io.on('connection', (socket) => {
  socket.join('room')
  socket.on('say', (data) => io.to('room').emit('said', data))
})
collectOnSignal()
http.listen(0, '127.0.0.1', () => console.log(`listening on ${(http.address() as AddressInfo).port}`))
