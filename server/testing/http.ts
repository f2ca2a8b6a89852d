import { createMemoryCache } from '#server/adapters/cache/memory-cache.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { createMemoryLimiter } from '#server/adapters/limiter/memory-limiter.ts'
import { createMemoryRepeats } from '#server/adapters/repeats/memory-repeats.ts'
import { createHttp, type Http, type HttpParts } from '#server/http/create-http.ts'
import type { Route } from '#server/http/route.ts'
import { defaultHttpSettings, type HttpSettings } from '#server/http/settings.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Role } from '#server/lib/viewer.ts'
import { type CapturedLine, createCapturedLog } from './captured-log.ts'

export type TestHttp = Http & AsyncDisposable & { lines: CapturedLine[] }

/** The frame with routes of a test's own. Whoever shows the token `member`, `moderator`, `admin` or `owner` is one; any other token is dead. */
export async function openTestHttp(
  routes: readonly Route[],
  options: Partial<Omit<HttpParts, 'settings' | 'routes'>> & { settings?: Partial<HttpSettings> } = {},
): Promise<TestHttp> {
  const clock = options.clock ?? systemClock
  const settings: HttpSettings = { ...defaultHttpSettings, host: '127.0.0.1', secret: 'a secret of tests', ...options.settings }
  const log = createCapturedLog()
  const http = await createHttp({
    cache: createMemoryCache({ clock, maxBytes: 1_000_000 }),
    limiter: createMemoryLimiter({ clock }),
    repeats: createMemoryRepeats({ clock }),
    clock,
    log,
    authenticate: ({ token, via, stranger }) => {
      const role = (['member', 'moderator', 'admin', 'owner'] as const).find((known) => known === token)
      return role
        ? personOf(role, { via, language: stranger.language, address: stranger.address })
        : new Problem('unauthenticated', 'session.invalid')
    },
    ...options,
    routes,
    settings: () => settings,
  })
  return Object.assign(http, { lines: log.lines, [Symbol.asyncDispose]: () => http.close() })
}

function personOf(role: Role, rest: Partial<Person> = {}): Person {
  const who = { accountId: `${role}-account`, username: role, role, sessionId: `${role}-session`, via: 'bearer' as const }
  return { kind: 'person', ...who, language: 'en', timeZone: 'UTC', address: '127.0.0.1', ...rest }
}
