import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { areas } from './catalogue.ts'

const root = join(import.meta.dirname, '../..')
const sources = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /[.]tsx?$/.test(path) && !/[.](test|contract)[.]tsx?$/.test(path))
    .map((path) => join(folder, path))

test('messages are declared in shared/messages and nowhere else', () => {
  const elsewhere = ['server', 'shared', 'web'].flatMap(sources).filter((path) => !/^(shared\/messages|server\/testing)\//.test(path))
  const declaring = elsewhere.filter((path) => /\bfrom(Server|Client)\(/.test(readFileSync(join(root, path), 'utf8')))
  expect(elsewhere.length).toBeGreaterThan(300)
  expect(declaring).toEqual([])
})

test('whatever is declared there stands in the catalogue, under a name that is its own', async () => {
  const known = new Set<unknown>(Object.values(areas).flatMap((area) => Object.values(area)))
  const kinds: string[] = []
  for (const path of sources('shared/messages')) {
    const module = (await import(join(root, path))) as Record<string, unknown>
    for (const [name, value] of Object.entries(module)) {
      const kind = kindOf(value)
      if (kind === undefined) continue
      kinds.push(kind)
      expect(known.has(value), `${path}: ${name} (${kind})`).toBe(true)
    }
  }
  expect(kinds).toContain('socket.welcome')
  expect(new Set(kinds).size).toBe(kinds.length)
})

function kindOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('from' in value && 'kind' in value) return String(value.kind)
  return 'topic' in value && 'summary' in value ? `topic ${String(value.topic)}` : undefined
}
