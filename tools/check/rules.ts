import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Visitor } from 'oxc-parser'
import { isTest, listFiles, listSources, type SourceFile } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

export const rulesStep: Step = { name: 'rules', look: checkRules }

/** Where a rule stands (`[R7] A late joiner …` in rules.md or in a port's comment) and where a test's title quotes it. */
type Mention = { id: string; where: string }

export function checkRules(root: string): Outcome {
  const written = [...rulesOfPages(root), ...rulesOfPorts(root)]
  const quoted = listSources(root)
    .filter(({ path }) => isTest(path) && path !== 'tools/check/laws.test.ts')
    .flatMap(quotedRules)
  const ids = new Set(written.map(({ id }) => id))
  const proved = new Set(quoted.map(({ id }) => id))
  const twice = written.filter(({ id }, i) => written.findIndex((one) => one.id === id) !== i)
  return {
    complaints: [
      ...twice.map(({ id, where }) => `${where}: [${id}] is written elsewhere too; the first letters of a rule say whose it is`),
      ...written.filter(({ id }) => !proved.has(id)).map(({ id, where }) => `${where}: no test's title quotes [${id}]`),
      ...quoted.filter(({ id }) => !ids.has(id)).map(({ id, where }) => `${where}: there is no rule [${id}]`),
    ],
    note: `${ids.size} rules`,
  }
}

const mark = /\[([A-Z]{1,3}\d+)\]/g

function rulesOfPages(root: string): Mention[] {
  return listFiles(root, ['rules.md']).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => beginning(line, /^\s*(?:[-*]|\d+[.])?\s*(?:\*\*)?\[([A-Z]{1,3}\d+)\]/, `${path}:${i + 1}`)),
  )
}

function rulesOfPorts(root: string): Mention[] {
  return listSources(root)
    .filter(({ path }) => path.startsWith('server/ports/'))
    .flatMap((source) =>
      source.parsed.comments.flatMap((comment) =>
        comment.value
          .split('\n')
          .flatMap((line) => beginning(line, /^[\s*-]*\[([A-Z]{1,3}\d+)\]/, `${source.path}:${source.lineOf(comment.start)}`)),
      ),
    )
}

function beginning(line: string, pattern: RegExp, where: string): Mention[] {
  const id = pattern.exec(line)?.[1]
  return id ? [{ id, where }] : []
}

/** Titles of tests and suites, templates included. */
function quotedRules(source: SourceFile): Mention[] {
  const found: Mention[] = []
  const keep = (text: string, start: number) => {
    for (const [, id = ''] of text.matchAll(mark)) found.push({ id, where: `${source.path}:${source.lineOf(start)}` })
  }
  new Visitor({
    CallExpression: (node) => {
      const title = node.arguments[0]
      if (title?.type === 'Literal' && typeof title.value === 'string') keep(title.value, title.start)
      if (title?.type === 'TemplateLiteral') for (const part of title.quasis) keep(part.value.raw, title.start)
    },
  }).visit(source.parsed.program)
  return found
}
