import { createClient } from 'redis'

export type ClientParts = {
  /** `redis://user:password@host:6379/0`, or `rediss://…` for TLS. */
  url: string
  /** Shown by CLIENT LIST. */
  name: string
  /** A certificate authority of one's own, for `rediss:`. */
  ca?: string
}

const connectTimeoutMs = 3000

/** The one place where a client of Redis is made. It does not mend itself: a line does that, so that there is one way back and not two. */
export function createRedisClient({ url, name, ca }: ClientParts) {
  const isTls = url.startsWith('rediss:')
  const socket = { connectTimeout: connectTimeoutMs, reconnectStrategy: false as const }
  return createClient({
    url,
    name,
    socket: isTls ? { ...socket, tls: true as const, ...(ca === undefined ? {} : { ca }) } : socket,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 100_000,
    // The library would arm a signal for each command; the line has cheaper means.
    commandOptions: { timeout: 0 },
    maintNotifications: 'disabled',
  })
}

export type RedisClient = ReturnType<typeof createRedisClient>
