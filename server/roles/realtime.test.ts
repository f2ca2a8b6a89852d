import { expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { areas } from '#shared/messages/catalogue.ts'
import { connectSocket } from '#server/testing/socket-client.ts'

test('a socket to a whole house is welcomed, and sent away with a hint when the house closes', async () => {
  const matinee = await startMatinee('embedded')
  const port = Number(new URL(await matinee.url()).port)
  using stranger = await connectSocket(port)
  expect((await stranger.next('socket.welcome')).d).toMatchObject({ seq: 0, resumed: false })
  await matinee[Symbol.asyncDispose]()
  const { code, reason } = await stranger.closed
  expect(code).toBe(1012)
  expect(JSON.parse(reason)).toMatchObject({ why: 'restart', retryMs: expect.any(Number) })
})

test('asked without an upgrade, the address of sockets says what it wants', async () => {
  await using matinee = await startMatinee('embedded')
  const { status, headers } = await matinee.inject({ path: '/api/socket' })
  expect([status, headers.upgrade]).toEqual([426, 'websocket'])
})

test('the catalogue of messages is there to be read', async () => {
  await using matinee = await startMatinee('embedded')
  const { status, json } = await matinee.inject({ path: '/api/messages.json' })
  expect(status).toBe(200)
  const { messages, closeCodes } = json as { messages: { kind: string; body: object }[]; closeCodes: { code: number }[] }
  // Every message that exists is sent or received by a door that is open.
  const declared = Object.values(areas).flatMap((area) =>
    Object.values(area as Record<string, { kind?: string }>).flatMap(({ kind }) => kind ?? []),
  )
  expect(messages.map(({ kind }) => kind).toSorted()).toEqual(declared.toSorted())
  expect(closeCodes.map(({ code }) => code)).toContain(1013)
})

test('a whole school behind one router has its sockets', async () => {
  await using matinee = await startMatinee('embedded')
  const port = Number(new URL(await matinee.url()).port)
  const sockets = []
  for (let n = 0; n < 64; n++) sockets.push(await connectSocket(port))
  const answer = await fetch(`${await matinee.url()}/health`)
  expect(answer.status).toBe(200)
  await expect(connectSocket(port)).rejects.toMatchObject({ status: 429 })
  for (const socket of sockets) socket[Symbol.dispose]()
})
