import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillPath } from '#server/http/matrix.ts'
import { placesOf } from './knock.ts'
import { Stage } from './stage.ts'

/** What is looked for in every house of the net, and in ours by whoever has read its sources. */
const wares =
  `.env .env.local .env.production .git/config .git/HEAD .git/index .svn/entries .hg/store .DS_Store .htaccess .htpasswd .npmrc .ssh/id_rsa .aws/credentials
  .vscode/settings.json .idea/workspace.xml .dockerenv Dockerfile docker-compose.yml package.json package-lock.json tsconfig.json node_modules/.package-lock.json matinee matinee.yaml
  matinee.yml conf/matinee.yaml secrets.json secrets.yaml secret.key id_rsa server.key cert.pem database.sqlite matinee.db matinee.sqlite data/matinee.db db.sqlite3 dump.sql backup.sql
  backup.zip backup.tar.gz backup site.zip www.zip old.zip config.json config.yml config.php wp-config.php wp-login.php wp-admin xmlrpc.php phpinfo.php info.php phpmyadmin adminer.php
  admin.php login.php index.php shell.php server-status server-info actuator actuator/env actuator/heapdump actuator/health console debug debug/pprof heapdump trace metrics/prometheus
  prometheus graphql graphiql swagger.json swagger-ui v2/api-docs api-docs openapi.yaml redoc rpc jsonrpc solr jenkins manager/html cgi-bin/test.cgi logs log error.log access.log
  matinee.log server.log npm-debug.log tmp temp upload uploads uploads/.matinee blobs sources cells pictures texts films private internal proxy test tests coverage
  server/main.ts server/cli/serve.ts src/index.ts dist/index.js web/app/main.tsx .matinee crossdomain.xml clientaccesspolicy.xml security.txt humans.txt`
    .trim()
    .split(/\s+/)
const places = [
  '/',
  '/api/',
  '/assets/',
  '/icons/',
  '/admin/',
  '/settings/',
  '/static/',
  '/public/',
  '/files/',
  '/stream/',
  '/upload/',
  '/watch/',
  '/@',
  '/..;/',
  '/%2e/',
  '//',
  '/.well-known/',
  '/backup/',
]

/** Names and passwords that other systems are delivered with. */
const defaults = ['admin', 'root', 'owner', 'matinee', 'administrator', 'demo', 'test', 'guest', 'user', 'moderator'].flatMap((name) =>
  ['admin', 'password', 'matinee', '123456', 'changeme', '', name].map((password) => [name, password] as const),
)

describe('a stranger in a fresh house', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.open('embedded')
  })
  afterAll(async () => await stage?.[Symbol.asyncDispose]())

  test('[T31] who looks for two thousand things that lie about elsewhere finds none, and no secret', async () => {
    const paths = places.flatMap((place) => wares.map((ware) => place + ware))
    expect(paths.length).toBeGreaterThan(2000)
    const open = new Set(stage.matinee.routes.flatMap((route) => placesOf(route).map((place) => fillPath(place))))
    const secrets = await secretsOf(stage.matinee.folder)
    expect(secrets.length).toBeGreaterThan(2)
    const wrong: string[] = []
    for (const path of paths) {
      const { status, text } = await stage.call({ path })
      if (status < 400 && status !== 303 && !open.has(path)) wrong.push(`${path}: ${status}`)
      if (status >= 500) wrong.push(`${path}: ${status}`)
      if (secrets.some((secret) => text.includes(secret))) wrong.push(`${path} tells a secret`)
    }
    expect(wrong).toEqual([])
  }, 300_000)

  test('[T31] no name is delivered with a password', async () => {
    const statuses = new Set<number>()
    for (const [username, password] of defaults) {
      const { status } = await stage.call({ method: 'POST', path: `/user/${username}`, body: { password } })
      statuses.add(status)
    }
    expect([...statuses].sort()).toEqual([400, 401])
  }, 300_000)
})

/** Everything in the file of secrets that is long enough to be one. */
async function secretsOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.includes('secret'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) => text.match(/[\w+/=-]{24,}/g) ?? [])
}
