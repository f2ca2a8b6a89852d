import { hash } from 'node:crypto'
import { createMemoryCache } from '../../../server/adapters/cache/memory-cache.ts'
import { systemClock } from '../../../server/adapters/clock/system-clock.ts'
import { createMemoryLimiter } from '../../../server/adapters/limiter/memory-limiter.ts'
import { openPinoLog } from '../../../server/adapters/log/pino-log.ts'
import { createMemoryRepeats } from '../../../server/adapters/repeats/memory-repeats.ts'
import { createHttp } from '../../../server/http/create-http.ts'
import { route } from '../../../server/http/route.ts'
import { defaultHttpSettings } from '../../../server/http/settings.ts'
import { Problem } from '../../../server/lib/problem.ts'
import type { Person } from '../../../server/lib/viewer.ts'
import { answer, AnswerSchema } from './answer.ts'

/** Ours, with everything on: limits, identity, security headers, tags, metrics, the log. Sessions are found in memory by the token's hash, as accounts do. */
const sessions = new Map<string, Omit<Person, 'via' | 'language' | 'address'>>()
for (let i = 0; i < 10_000; i++) {
  sessions.set(hash('sha256', `token-${i}`, 'base64url'), {
    kind: 'person',
    accountId: `account-${i}`,
    username: `person${i}`,
    role: 'member',
    sessionId: `session-${i}`,
    timeZone: 'UTC',
  })
}
const common = {
  method: 'GET',
  area: 'bench',
  answers: { 200: AnswerSchema },
  handle: async () => ({ status: 200 as const, body: answer }),
} as const
const settings = {
  ...defaultHttpSettings,
  host: '127.0.0.1',
  secret: 'bench',
  requestsPerMinute: 1_000_000_000,
  maxConnectionsPerAddress: 1000,
  maxUnprovenPerAddress: 1000,
}
const http = await createHttp({
  routes: [
    route({ ...common, path: '/videos', summary: 'A signed-in read.', access: 'person' }),
    route({ ...common, path: '/hot', summary: 'A cached read.', access: 'anyone', cache: { freshMs: 60_000, tags: () => ['hot'] } }),
  ],
  authenticate: ({ token, via, stranger }) => {
    const session = sessions.get(hash('sha256', token, 'base64url'))
    return session
      ? { ...session, via, language: stranger.language, address: stranger.address }
      : new Problem('unauthenticated', 'session.invalid')
  },
  cache: createMemoryCache({ clock: systemClock, maxBytes: 32e6 }),
  repeats: createMemoryRepeats({ clock: systemClock }),
  limiter: createMemoryLimiter({ clock: systemClock }),
  clock: systemClock,
  log: openPinoLog({ level: 'info', format: 'json' }),
  settings: () => settings,
})
await http.listen()
console.log(`listening ${http.address?.port}`)
process.once('SIGTERM', () => process.exit(0))
