import { mkdtempSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LiveConfig } from './live.ts'
import { ConfigError, loadConfig, type Origin } from './load.ts'
import { describeKeys, printConfig } from './print.ts'
import { changeSealKey, openSecrets } from './secrets.ts'
import { unreadVariables } from './sources.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'matinee-config-'))

function origin(yaml: string | undefined, environment: Record<string, string> = {}, flags: Record<string, string> = {}): Origin {
  let file: string | undefined
  if (yaml !== undefined) {
    file = join(folder(), 'matinee.yaml')
    writeFileSync(file, yaml)
  }
  return { file, environment, flags: new Map(Object.entries(flags)) }
}

const complaintsOf = (from: Origin) => {
  try {
    loadConfig(from)
  } catch (error) {
    if (error instanceof ConfigError) return error.complaints.map(({ key, text }) => `${key} ${text}`)
    throw error
  }
  return []
}

test('flags outweigh the environment, which outweighs the file', () => {
  const yaml = 'http: {port: 1}\nlimits: {streams: 1, streamsPerPerson: 1}'
  const config = loadConfig(
    origin(yaml, { MATINEE_LIMITS_STREAMS: '2', MATINEE_LIMITS_STREAMS_PER_PERSON: '2' }, { 'limits.streams': '3' }),
  )
  expect([config.http.port, config.limits.streamsPerPerson, config.limits.streams]).toEqual([1, 2, 3])
})

test('all complaints come at once, each with its key and what it accepts', () => {
  const found = complaintsOf(
    origin('http: {port: many}\nlog: {level: loud}\nlimts: {streams: 4}\nblobs: {kind: s3}', { MATINEE_LIMITS_STREAMS: '-4' }),
  )
  expect(found).toContain('http.port must be a whole number from 0 to 65535')
  expect(found).toContain('log.level must be one of debug, info, warn, error')
  expect(found).toContain('limits.streams must be a whole number from 1 to 1000000000')
  expect(found).toContain('limts is not a key of Matinee; did you mean limits?')
  expect(found).toContain('blobs.s3.bucket is needed when blobs.kind is s3')
  expect(complaintsOf(origin('limits: {requestsPerMinut: 3}'))).toEqual([
    'limits.requestsPerMinut is not a key of Matinee; did you mean limits.requestsPerMinute?',
  ])
})

test('variables with our name that are no key are named', () => {
  const set = { MATINEE_LIMITS_STREAM: '4', MATINEE_LIMITS_STREAMS: '4', MATINEE_CONFIG: 'x', MATINEE_TEST_GROUND: 'x', PATH: '/bin' }
  expect(unreadVariables(set)).toEqual(['MATINEE_LIMITS_STREAM'])
})

test('a file that is not YAML, or not there, is a complaint and not a crash', () => {
  expect(complaintsOf(origin('http: {port'))[0]).toMatch(/is not YAML/)
  expect(complaintsOf({ file: '/nowhere/matinee.yaml', environment: {}, flags: new Map() })[0]).toMatch(/can not be read \(ENOENT\)/)
})

test('sizes and spans are written as people write them', () => {
  const config = loadConfig(origin('limits: {simpleUpload: 1.5 GiB}\naccounts: {sessionLife: 7d, failureWindow: 90s}'))
  expect([config.limits.simpleUpload, config.accounts.sessionLife, config.accounts.failureWindow]).toEqual([
    1.5 * 2 ** 30,
    604_800_000,
    90_000,
  ])
})

test('roles on their own need Redis, and Redis and the database need a password', () => {
  expect(complaintsOf(origin('roles: [api, realtime]'))[0]).toMatch(/^redis.url is needed/)
  expect(complaintsOf(origin('roles: upload'))).toEqual([])
  expect(complaintsOf(origin('redis: {url: "redis://127.0.0.1"}'))[0]).toMatch(/has no password/)
  expect(complaintsOf(origin('database: {url: "mysql://root@127.0.0.1/m"}'))[0]).toMatch(/has no password/)
})

test.each([
  ['http.trustedProxies', 'proxy.local', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.0/8/8'],
  ['http.corsOrigins', 'club.example', 'https://club.example/page', 'https://a:b@club.example', 'ftp://club.example', '*'],
  ['database.replicas', 'replica', 'redis://u:p@replica'],
])('%s is looked at part by part', (key, ...wrong) => {
  for (const value of wrong) expect(complaintsOf(origin(undefined, {}, { [key]: value }))[0], value).toMatch(`${key} must be a list of `)
})

test('lists of networks and origins are taken as people write them', () => {
  const flags = {
    'http.trustedProxies': '127.0.0.1, 10.0.0.0/8,fd00::/8, unix',
    'http.corsOrigins': 'https://Club.example, http://localhost:3000/',
  }
  const { http } = loadConfig(origin(undefined, {}, flags))
  expect([http.trustedProxies, http.corsOrigins]).toEqual([
    ['127.0.0.1', '10.0.0.0/8', 'fd00::/8', 'unix'],
    ['https://Club.example', 'http://localhost:3000/'],
  ])
})

test('a replica needs a primary and a password, and an address that is shown has none', () => {
  expect(complaintsOf(origin(undefined, {}, { 'database.replicas': 'mysql://u:p@a/m,mysql://u@b/m' }))).toEqual([
    'database.replicas has no password in number 2: give its user one',
    'database.replicas need a primary: give its address as database.url',
  ])
  expect(complaintsOf(origin('site: {url: "https://u:p@club.example"}'))).toEqual(['site.url must be without a name and a password'])
})

test('what is printed can be loaded again, and shows no secret', () => {
  const yaml = 'redis: {url: "redis://:hush@localhost"}\nmetrics: {token: hush}\nsite: {name: 光影}'
  const printed = printConfig(loadConfig(origin(yaml)))
  expect(printed).not.toContain('hush')
  expect(printed).toContain('name: 光影')
  expect(complaintsOf(origin(printed.replaceAll('"********"', '""').replaceAll('********', '')))).toEqual([])
})

test('every key says what it is for, and what it is where nobody says anything', () => {
  expect(describeKeys()).toContain('MATINEE_LIMITS_STREAMS_PER_PERSON')
  expect(describeKeys()).toContain('usually 8080; MATINEE_HTTP_PORT')
  expect(describeKeys()).toContain('usually 2s; MATINEE_DATABASE_MAX_LAG')
  expect(describeKeys()).not.toMatch(/undefined|object/)
})

test('a save of the file is taken over; a wrong one is refused whole; what needs a restart is named', async () => {
  const from = origin('limits: {streams: 10}')
  const refused: ConfigError[] = []
  using live = new LiveConfig(from)
  live.onRefused((error) => refused.push(error))
  const changes: { changed: string[]; needRestart: string[] }[] = []
  live.onChange((change) => changes.push(change))
  live.watch()
  const save = (yaml: string) => {
    const aside = `${from.file}.new`
    writeFileSync(aside, yaml)
    renameSync(aside, from.file ?? '')
  }
  save('limits: {streams: 20}\nhttp: {port: 99}')
  await expect.poll(() => live.current().limits.streams).toBe(20)
  expect(changes[0]).toMatchObject({ changed: ['limits.streams'], needRestart: ['http.port'] })
  save('limits: {streams: none, streamsPerPerson: 1}')
  await expect.poll(() => refused.length).toBeGreaterThan(0)
  expect(live.current().limits).toMatchObject({ streams: 20, streamsPerPerson: 5 })
})

test('keys are made once, for their owner alone, and the sealing key can be changed', () => {
  const file = join(folder(), 'deep', 'secrets.json')
  const made = openSecrets(file)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(openSecrets(file)).toEqual(made)
  const changed = changeSealKey(file)
  expect(changed.session).toEqual(made.session)
  expect(changed.seal[1]).toEqual(made.seal[0])
  writeFileSync(file, readFileSync(file, 'utf8').slice(3))
  expect(() => openSecrets(file)).toThrow(/is not a file of keys/)
})
