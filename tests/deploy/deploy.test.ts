import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { verbs } from '#server/cli/verbs.ts'
import { nginxConfig } from '#server/compose/nginx.ts'
import { eachKey, keys, variableOf } from '#server/config/keys.ts'
import { loadConfig } from '#server/config/load.ts'
import { startMatinee } from '#server/testing/matinee.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8')
const variables = new Set([...eachKey()].map(({ path }) => variableOf(path)))
const port = String(keys.http.port.fallback)

type Service = {
  image?: string
  build?: { context: string; dockerfile: string }
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, unknown>
}
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> }
const compose = (path: string) => parse(read(path), { merge: true }) as Compose
const filledIn = (text: string) => text.replace(/\$\{SITE_URL:\?[^}]*\}/, 'https://cinema.example').replace(/\$\{\w+:\?[^}]*\}/g, 'secret')

describe.each(['compose.yaml', 'upload/compose.yaml', 'distributed/compose.yaml'])('deploy/%s', (path) => {
  const { services, volumes } = compose(path)
  const ours = Object.values(services).filter(({ build }) => build)

  test('builds from what is there, and names only volumes and services that it has', () => {
    expect(ours.length).toBeGreaterThan(0)
    for (const { build } of ours) {
      const context = join(root, 'deploy', path, '..', build?.context ?? '')
      expect(context).toBe(root)
      expect(existsSync(join(context, build?.dockerfile ?? ''))).toBe(true)
    }
    for (const { volumes: used = [], depends_on: needs = {} } of Object.values(services)) {
      for (const volume of used) {
        const [source = ''] = volume.split(':')
        if (source.startsWith('.')) expect(existsSync(join(root, 'deploy', path, '..', source)), volume).toBe(true)
        else expect(Object.keys(volumes)).toContain(source)
      }
      for (const name of Object.keys(needs)) expect(Object.keys(services)).toContain(name)
    }
  })

  test('gives Matinee a configuration that it takes, and commands that it has', () => {
    for (const { environment = {}, command = ['serve'] } of ours) {
      expect(Object.keys(environment).filter((name) => !variables.has(name))).toEqual([])
      const given = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filledIn(value)]))
      const [verb = '', ...words] = command
      expect(Object.keys(verbs)).toContain(verb)
      const named: Record<string, string> = { '-c': 'file', '--roles': 'roles', '--port': 'http.port' }
      const pairs = words.flatMap((word, n): [string, string][] => (n % 2 === 0 ? [[named[word] ?? word, words[n + 1] ?? '']] : []))
      const { file, ...flags } = Object.fromEntries(pairs)
      // The file that the container finds there lies beside the recipe.
      const lies = file === undefined ? undefined : join(root, 'deploy', path, '..', file.replace(/.*\//, ''))
      const taken = loadConfig({ file: lies, environment: given, flags: new Map(Object.entries(flags)) })
      expect(taken.bServer.length).toBe(file === undefined ? 0 : 1)
      expect(taken.blobs.kind).toBe(given.MATINEE_BLOBS_KIND ?? 'disk')
    }
  })
})

test('between them the processes of the distributed house play every role, and Nginx knows where', () => {
  const { services } = compose('distributed/compose.yaml')
  const played = Object.values(services).flatMap(({ command }) => (command?.[1] === '--roles' ? (command[2] ?? '').split(',') : []))
  expect(played.sort()).toEqual([...loadConfig({ file: undefined, environment: {}, flags: new Map() }).roles].sort())
  const made = nginxConfig({ api: [`api:${port}`], realtime: [`realtime:${port}`], name: '_', port: 80 })
  expect(read('distributed/nginx.conf').split('\n').slice(1).join('\n').trim()).toBe(made.trim())
})

test('the container runs a command that is there, as nobody special, on the port that it listens at', () => {
  const text = read('Dockerfile')
  expect([...text.matchAll(/\bMATINEE_\w+/g)].map(([name]) => name).filter((name) => !variables.has(name))).toEqual([])
  expect(text).toContain(`EXPOSE ${port}`)
  expect(text).toContain(`127.0.0.1:${port}/health`)
  expect(text.indexOf('USER node')).toBeGreaterThan(text.indexOf('RUN node'))
  const [, script = ''] = /RUN node (\S+)/.exec(text) ?? []
  expect([existsSync(join(root, script)), existsSync(join(root, 'matinee'))]).toEqual([true, true])
})

test.each(['matinee.service', 'matinee-upload.service'])('%s is a unit that systemd takes', (name) => {
  const text = read(name)
  expect([...text.matchAll(/\bMATINEE_\w+/g)].map(([variable]) => variable).filter((variable) => !variables.has(variable))).toEqual([])
  expect(Object.keys(verbs)).toContain(/ExecStart=\S+ (\w+)/.exec(text)?.[1])
  const analyser = '/usr/bin/systemd-analyze'
  if (!existsSync(analyser)) return
  const folder = mkdtempSync(join(tmpdir(), 'matinee-unit-'))
  try {
    const path = join(folder, name)
    writeFileSync(path, text.replaceAll('/opt/matinee', root))
    const { stderr } = spawnSync(analyser, ['verify', '--man=no', path], { encoding: 'utf8' })
    expect(stderr.split('\n').filter((line) => line.includes(name))).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the dashboard shows figures that /metrics has', async () => {
  await using matinee = await startMatinee('embedded')
  const { text } = await matinee.inject({ path: '/metrics' })
  const there = new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', kind]) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
  const { panels } = JSON.parse(read('grafana/matinee.json')) as { panels: { title: string; targets: { expr: string }[] }[] }
  const used = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\b(matinee|process)_\w+/g) ?? []))
  expect(used.length).toBeGreaterThanOrEqual(panels.length)
  expect(used.filter((name) => !there.has(name))).toEqual([])
})
