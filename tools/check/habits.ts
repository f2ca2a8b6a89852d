import { Visitor } from 'oxc-parser'
import { isTest, listSources, type SourceFile } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

export const habitsStep: Step = { name: 'habits', look: checkHabits }

/** What the house does in one place only, and how its files are called. */
export function checkHabits(root: string): Outcome {
  const sources = listSources(root)
  const complaints = [
    ...sources.flatMap(({ path }) => namesOf(path)),
    ...sources.filter(({ path }) => path.startsWith('server/') && !isTest(path)).flatMap(reachesOf),
  ]
  return { complaints, note: `${sources.length} files` }
}

const vague = new Set(['utils', 'util', 'helpers', 'helper', 'misc', 'common', 'manager', 'managers'])

function namesOf(path: string): string[] {
  const parts = path.split('/')
  const file = parts.pop() ?? ''
  return [
    ...parts.filter((folder) => vague.has(folder)).map((folder) => `${path}: a folder called ${folder} says nothing; name what it holds`),
    ...(/^[.]?[a-z0-9]+([-.][a-z0-9]+)*$/.test(file) ? [] : [`${path}: files are called in kebab-case`]),
  ]
}

type Reach = { pattern: string; allowed: RegExp; sentence: string }

const reaches: readonly Reach[] = [
  { pattern: 'process.env', allowed: /^server\/(config\/|cli\/terminal[.]ts)/, sentence: 'only config/ reads the environment' },
  { pattern: 'process.exit', allowed: /^server\/main[.]ts/, sentence: 'only main.ts ends the process' },
  { pattern: 'process.chdir', allowed: /^$/, sentence: 'nobody moves the process' },
  {
    pattern: 'console.*',
    allowed: /^server\/(cli\/|main[.]ts)/,
    sentence: 'the log is a port; only the command line speaks to a terminal',
  },
]

function reachesOf(source: SourceFile): string[] {
  const found: string[] = []
  new Visitor({
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return
      const name = `${node.object.name}.${node.property.name}`
      const reach = reaches.find(({ pattern }) => pattern === name || pattern === `${name.split('.')[0]}.*`)
      if (reach && !reach.allowed.test(source.path)) found.push(`${source.path}:${source.lineOf(node.start)}: ${name}: ${reach.sentence}`)
    },
  }).visit(source.parsed.program)
  return found
}
