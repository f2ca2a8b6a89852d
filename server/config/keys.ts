import { businessServers } from './business.ts'
import { address, bytes, choice, choices, flag, type Key, span, text, whole } from './kinds.ts'
import { addresses, networks, origins } from './lists.ts'

const roles = ['api', 'upload', 'stream', 'realtime', 'worker', 'scheduler'] as const
export type RoleName = (typeof roles)[number]

const MiB = 2 ** 20
const day = 86_400_000
const live = { reload: true }
const secret = { secret: true }
const mysql = ['mysql:', 'mariadb:']
const many = { from: 1, to: 1_000_000_000 }

/** Every key of the configuration. `limits.streams` is also `MATINEE_LIMITS_STREAMS`, and `--set limits.streams=…`. */
export const keys = {
  roles: choices(roles, roles, 'What this process does.'),
  dataDir: text('data', 'Where everything that must last lies, on embedded ground.'),
  site: {
    name: text('Matinee', 'The name of this cinema, until its admins give another.', live),
    url: address(['http:', 'https:'], 'The address that people type. Needed behind a proxy and for links in mails.'),
    sourceUrl: address(
      ['http:', 'https:'],
      'Where the source of the running version is to be had, linked on every page. Owed by the licence to whoever uses a changed Matinee.',
      live,
    ),
  },
  http: {
    host: text('', 'The address to listen at; empty: all of them.'),
    port: whole(8080, { from: 0, to: 65_535 }, 'The port to listen at; 0: any free one.'),
    trustedProxies: networks('Networks (CIDR) whose X-Forwarded-… headers are believed.'),
    corsOrigins: origins('Other sites whose pages may call the API.', live),
    maxConnectionsPerAddress: whole(256, many, 'Connections that one address may hold open.', live),
    internalRedirects: flag(false, 'Nginx stands in front and sends stored bytes itself (X-Accel-Redirect).'),
  },
  database: {
    url: address([...mysql, 'sqlite:'], 'mysql://user:password@host/name; empty: SQLite below dataDir.', secret),
    replicas: addresses(mysql, 'Addresses of read replicas, like database.url.', secret),
    maxLag: span(2000, 'A replica that lags more is left out.', live),
    connections: whole(10, { from: 1, to: 1000 }, 'Connections to each database server.'),
  },
  redis: {
    url: address(['redis:', 'rediss:'], 'redis://user:password@host:6379; empty: everything stays in this process.', secret),
    prefix: text('matinee', 'The first part of every key, so that several cinemas can share one Redis.'),
    allowNoPassword: flag(false, 'Accept a Redis without password. Only where nobody else reaches it.'),
  },
  blobs: {
    kind: choice(['disk', 's3'], 'disk', 'Where films and pictures are kept.'),
    path: text('', 'The folder for kind disk; empty: blobs below dataDir.'),
    s3: {
      endpoint: address(['http:', 'https:'], 'The S3 server.'),
      region: text('us-east-1', 'Its region.'),
      bucket: text('', 'The bucket, which must exist.'),
      accessKey: text('', 'The access key.', secret),
      secretKey: text('', 'The secret key.', secret),
    },
  },
  mail: {
    url: address(['smtp:', 'smtps:'], 'smtp://user:password@host:587; empty: no mail is sent.', { ...live, ...secret }),
    from: text('', 'The sender of mails.', live),
  },
  accounts: {
    signUp: choice(['open', 'invitation', 'approval', 'closed'], 'open', 'Who may sign up, until the admins decide otherwise.', live),
    sessionLife: span(30 * day, 'A session not used for so long ends.', live),
    requireSecondFactor: choice(['nobody', 'admins', 'everybody'], 'nobody', 'Who must use a second factor.', live),
    failuresPerAccount: whole(10, many, 'Failed log-ins an account per failureWindow.', live),
    failuresPerAddress: whole(100, many, 'Failed log-ins an address per failureWindow.', live),
    failureWindow: span(15 * 60_000, 'The time in which failed log-ins are counted.', live),
  },
  transcoding: {
    planPatience: span(8000, 'How long a playlist waits for a film that is being planned.', live),
    policy: choice(
      ['auto', 'eager', 'lazy'],
      'auto',
      'What is made of a film unasked. auto: its beginning at once, the rest when somebody watches and in idle time; eager: everything; lazy: its beginning.',
      live,
    ),
    keepOriginals: flag(true, 'Originals stay when everything has been made of them. Without them nothing can be made anew.', live),
  },
  limits: {
    streams: whole(1000, many, 'Concurrent streams of this server.', live),
    streamsPerPerson: whole(5, many, 'Concurrent streams of one person.', live),
    simpleUpload: bytes(50 * MiB, 'The largest file that the simple form takes.', live),
    requestsPerMinute: whole(1200, many, 'Calls of the API per person or address.', live),
    cacheMemory: bytes(32 * MiB, 'Memory for cached answers.'),
  },
  log: {
    level: choice(['debug', 'info', 'warn', 'error'], 'info', 'What is logged.', live),
    format: choice(['auto', 'json', 'text'], 'auto', 'auto: text on a terminal, JSON otherwise.'),
    slowRequest: span(1000, 'Requests that take longer are logged.', live),
  },
  metrics: {
    token: text('', 'A bearer token for /metrics; empty: from this machine only.', { ...live, ...secret }),
  },
  secrets: {
    file: text('', 'The file with the keys that sign and seal, apart from the database; empty: secrets.json below dataDir.'),
  },
  bServer: businessServers('Business servers of the upload component: one, or a list.', { ...live, ...secret }),
} as const

type Branch = { readonly [name: string]: Key<unknown> | Branch }
type Values<T> = { readonly [K in keyof T]: T[K] extends Key<infer V> ? V : Values<T[K]> }

/** The configuration: whole, checked, frozen. */
export type Config = Values<typeof keys>

export function isKey(node: object | undefined): node is Key<unknown> {
  return node !== undefined && 'kind' in node && typeof node.kind === 'object' && node.kind !== null && 'accepts' in node.kind
}

/** Every key with its path, in order. */
export function* eachKey(branch: Branch = keys, above: readonly string[] = []): Generator<{ path: readonly string[]; key: Key<unknown> }> {
  for (const [name, node] of Object.entries(branch)) {
    const path = [...above, name]
    if (isKey(node)) yield { path, key: node }
    else yield* eachKey(node, path)
  }
}

/** `limits.streamsPerPerson` → `MATINEE_LIMITS_STREAMS_PER_PERSON`. */
export function variableOf(path: readonly string[]): string {
  return `MATINEE_${path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()).join('_')}`
}
