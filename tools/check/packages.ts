import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Step } from './step.ts'

type Manifest = {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
type Locked = { version?: string; license?: string; dev?: boolean; link?: boolean; integrity?: string; resolved?: string }

/** Below these stand known holes; docs/dependencies.md says which. */
const floors: Record<string, string> = { ws: '8.21.0', fastify: '5.7.3', '@fastify/static': '10.1.3', nanoid: '3.3.18' }
const sqliteFloor = '3.51.3'

/** What may be linked into the product and handed on with it. */
const licences =
  /^\(?(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2[.]0|MPL-2[.]0|LGPL-3[.]0-or-later|Unlicense|CC0-1[.]0|BlueOak-1[.]0[.]0|Python-2[.]0)\b/

export const packagesStep: Step = { name: 'packages', look: (root) => checkPackages(root) }

/** The supply chain: exact versions, none below its floor, each one's reason, licences, and a whole lock. */
export function checkPackages(root: string, sqlite = process.versions.sqlite ?? '0'): Outcome {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
  const locked = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link)
  const runtime = { ...manifest.dependencies, ...manifest.optionalDependencies }
  return {
    complaints: [
      ...Object.entries({ ...runtime, ...manifest.devDependencies })
        .filter(([, version]) => !/^\d+[.]\d+[.]\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `package.json: ${name} "${version}" is not exact`),
      ...locked.flatMap(([path, one]) => complaintsOf(nameOf(path), one)),
      ...(isBelow(sqlite, sqliteFloor) ? [`SQLite ${sqlite} is below ${sqliteFloor}`] : []),
      ...unreasoned(root, Object.keys(runtime)),
    ],
    note: `${locked.length} in the lock, ${Object.keys(runtime).length} in the product`,
  }
}

function complaintsOf(name: string, { version = '0', license, dev, integrity, resolved }: Locked): string[] {
  const floor = floors[name]
  return [
    ...(floor && isBelow(version, floor) ? [`${name} ${version} is below ${floor}`] : []),
    ...(integrity ? [] : [`${name} ${version} has no integrity in package-lock.json`]),
    ...(resolved ? [`${name} ${version} names a host in package-lock.json; npm's omit-lockfile-registry-resolved leaves it out`] : []),
    ...(!dev && license && !licences.test(license) ? [`${name} ${version}: the licence ${license} is not on the list`] : []),
  ]
}

/** docs/dependencies.md has a row for each package of the product, and none for what is gone. */
function unreasoned(root: string, names: readonly string[]): string[] {
  const page = join(root, 'docs/dependencies.md')
  const text = existsSync(page) ? readFileSync(page, 'utf8') : ''
  const rows = new Map(Array.from(text.matchAll(/^\| `([^`|]+)` \|(.*)\|$/gm), ([, name = '', reason = '']) => [name, reason.trim()]))
  return [
    ...names.filter((name) => !rows.get(name)).map((name) => `docs/dependencies.md: ${name} needs a row with its reason`),
    ...[...rows.keys()].filter((name) => !names.includes(name)).map((name) => `docs/dependencies.md: ${name} is no longer a dependency`),
  ]
}

export function isBelow(version: string, floor: string): boolean {
  const [mine, least] = [version, floor].map((one) => one.split(/[.-]/).slice(0, 3).map(Number))
  const place = [0, 1, 2].find((i) => mine?.[i] !== least?.[i])
  return place !== undefined && (mine?.[place] ?? 0) < (least?.[place] ?? 0)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
