import { isTest } from './source-tree.ts'

/** One file leans on another, or on a package (`to` is then the package's name, `node:` included). */
export type Import = { from: string; to: string; line: number; kind: 'file' | 'package'; typeOnly: boolean }

const ground = ['shared', 'server/lib']
const frame = [...ground, 'server/ports']
const tools = [...frame, 'server/media', 'server/database']

/** A folder imports from itself and from what stands beside its name. The rest is refused, and so is a folder that is not listed. */
export const may: Record<string, readonly string[]> = {
  shared: [],
  uploader: ['shared'],
  server: [...ground, 'server/cli'],
  'server/lib': ['shared'],
  'server/config': ground,
  'server/ports': ground,
  'server/media': ground,
  'server/database': ground,
  'server/http': frame,
  'server/realtime': frame,
  'server/jobs': [...frame, 'server/database'],
  'server/adapters': [...frame, 'server/config', 'server/database'],
  'server/features': [...tools, 'server/http', 'server/realtime', 'server/jobs'],
  'server/compose': [...tools, 'server/config', 'server/adapters', 'server/features'],
  'server/roles': [...frame, 'server/config', 'server/http', 'server/realtime', 'server/jobs', 'server/compose'],
  'server/cli': [...frame, 'server/config', 'server/database', 'server/compose', 'server/roles', 'uploader'],
  'web/build': ['shared', 'web/app'],
  'web/lib': ['shared'],
  'web/ui': ['web/lib'],
  'web/player': ['shared', 'web/lib', 'web/ui'],
  'web/features': ['shared', 'uploader', 'web/lib', 'web/ui', 'web/player'],
  'web/pages': ['shared', 'web/lib', 'web/ui', 'web/player', 'web/features'],
  'web/app': ['shared', 'web/lib', 'web/ui', 'web/features', 'web/pages'],
}

/** A package, and the only files that may import it. */
const owners: readonly { packages: RegExp; files: RegExp; where: string }[] = [
  { packages: /^(fastify|@fastify\/.*)$/, files: /^server\/http\//, where: 'server/http/' },
  { packages: /^ws$/, files: /^server\/realtime\//, where: 'server/realtime/' },
  { packages: /^kysely$/, files: /^server\/(database|adapters)\/|store[.]ts$/, where: 'server/database/, server/adapters/ and stores' },
  { packages: /^(redis|bullmq|mysql2|s3mini)$/, files: /^server\/adapters\//, where: 'server/adapters/' },
  { packages: /^(node:)?child_process$/, files: /^server\/(media|cli)\//, where: 'server/media/ and server/cli/' },
  { packages: /^(react|react-dom|wouter)$/, files: /^web\//, where: 'web/' },
]

const ours = /^(server|shared|uploader|web)\//

type Sentence = { name: string; broken(link: Import): boolean }

/** The law in sentences; a failure quotes the one it breaks. Tests and contracts are exempt from all but the last two. */
export const sentences: readonly Sentence[] = [
  {
    name: 'A folder imports only what the law allows it',
    broken: (link) => isBound(link) && link.kind === 'file' && ours.test(link.to) && !reaches(link.from, link.to),
  },
  {
    name: 'A package is imported by its owner alone',
    broken: (link) =>
      isBound(link) && link.kind === 'package' && owners.some((owner) => owner.packages.test(link.to) && !owner.files.test(link.from)),
  },
  {
    name: 'Features meet as types',
    broken: (link) => isBound(link) && otherFeature(link, 'server/features') && !link.typeOnly,
  },
  {
    name: 'Features meet at the door',
    broken: (link) => isBound(link) && otherFeature(link, 'server/features') && !isDoor(link.to),
  },
  {
    name: 'Features are entered by the door',
    broken: (link) =>
      isBound(link) && !link.from.startsWith('server/features/') && link.to.startsWith('server/features/') && !isDoor(link.to),
  },
  { name: 'Only routes.ts knows http/', broken: (link) => within(link, 'server/http', /routes[.]ts$/) },
  { name: 'Only sockets.ts knows realtime/', broken: (link) => within(link, 'server/realtime', /sockets[.]ts$/) },
  { name: 'Only jobs.ts knows jobs/', broken: (link) => within(link, 'server/jobs', /jobs[.]ts$/) },
  { name: 'Only store.ts and index.ts know database/', broken: (link) => within(link, 'server/database', /(store|\/index)[.]ts$/) },
  {
    name: 'Adapters are opened by compose/ alone',
    broken: (link) => isBound(link) && link.to.startsWith('server/adapters/') && !/^server\/(compose|adapters)\//.test(link.from),
  },
  { name: 'Web features do not meet', broken: (link) => isBound(link) && otherFeature(link, 'web/features') },
  {
    name: 'Only tests know testing/',
    broken: (link) => link.to.startsWith('server/testing/') && !isTest(link.from) && !link.from.startsWith('tools/'),
  },
  {
    name: 'The product leans on no tool, test or example',
    broken: (link) => ours.test(link.from) && /^(tests|tools|examples|scripts)\//.test(link.to),
  },
]

/** The folder of the law in which a file stands: the longest that fits. Undefined: the law does not know it. */
export function roomOf(path: string): string | undefined {
  const folder = path.slice(0, path.lastIndexOf('/'))
  return Object.keys(may)
    .filter((room) => folder === room || (folder.startsWith(`${room}/`) && room !== 'server'))
    .sort((a, b) => b.length - a.length)[0]
}

export function needsRoom(path: string): boolean {
  return ours.test(path) && !isTest(path) && !path.endsWith('.d.ts')
}

function reaches(from: string, to: string): boolean {
  const here = roomOf(from)
  const there = roomOf(to)
  return here !== undefined && there !== undefined && (here === there || (may[here] ?? []).includes(there))
}

function isBound(link: Import): boolean {
  return ours.test(link.from) && !isTest(link.from)
}

function within(link: Import, room: string, allowed: RegExp): boolean {
  return isBound(link) && link.from.startsWith('server/features/') && link.to.startsWith(`${room}/`) && !allowed.test(link.from)
}

function otherFeature(link: Import, features: string): boolean {
  const feature = (path: string) => (path.startsWith(`${features}/`) ? path.split('/')[2] : undefined)
  return feature(link.from) !== undefined && feature(link.to) !== undefined && feature(link.from) !== feature(link.to)
}

function isDoor(path: string): boolean {
  return /^server\/features\/[^/]+\/index[.]ts$/.test(path)
}
