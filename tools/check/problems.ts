import { Visitor } from 'oxc-parser'
import { readTexts } from './locales.ts'
import { isTest, listSources, type SourceFile } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

export const problemsStep: Step = { name: 'problems', look: checkProblems }

/** Every code that is thrown has its text, and every text its code. */
export function checkProblems(root: string): Outcome {
  const texts = readTexts(root, 'en', 'problems', [])
  const sources = listSources(root).filter(({ path }) => /^(server|shared|uploader|web)\//.test(path) && !isTest(path))
  const thrown = sources.flatMap(thrownCodes)
  const said = new Set(sources.flatMap(allStrings))
  const prefixes = [...said].filter((text) => text.endsWith('.') && text.length > 2)
  const orphans = [...texts.keys()].filter((code) => !said.has(code) && !prefixes.some((prefix) => code.startsWith(prefix)))
  return {
    complaints: [
      ...thrown
        .filter(({ code }) => !texts.has(code))
        .map(({ where, code }) => `${where}: no text for "${code}" in shared/locales/*/problems.json`),
      ...orphans.map((code) => `problems.json ${code}: nothing uses it`),
    ],
    note: `${texts.size} codes`,
  }
}

/** `new Problem(kind, 'code')`, and `{ path, code: 'code' }`: a field's problem. */
function thrownCodes(source: SourceFile): { where: string; code: string }[] {
  const found: { where: string; code: string }[] = []
  const keep = (start: number, value: unknown) => {
    if (typeof value === 'string') found.push({ where: `${source.path}:${source.lineOf(start)}`, code: value })
  }
  if (!/\bProblem\b|\bcode:/.test(source.text)) return found
  new Visitor({
    NewExpression: (node) => {
      const code = node.arguments[1]
      if (node.callee.type === 'Identifier' && node.callee.name === 'Problem' && code?.type === 'Literal') keep(node.start, code.value)
    },
    ObjectExpression: (node) => {
      const named = new Map(
        node.properties.flatMap((one) =>
          one.type === 'Property' && one.key.type === 'Identifier' ? [[one.key.name, one.value] as const] : [],
        ),
      )
      const code = named.get('code')
      if (named.has('path') && code?.type === 'Literal') keep(node.start, code.value)
    },
  }).visit(source.parsed.program)
  return found
}

/** Every string that stands in the code, and the fixed beginning of every template (`config.${…}` speaks for all that begin so). */
function allStrings(source: SourceFile): string[] {
  const found: string[] = []
  new Visitor({
    Literal: (node) => void (typeof node.value === 'string' && found.push(node.value)),
    TemplateLiteral: (node) => void found.push(node.quasis[0]?.value.cooked ?? ''),
  }).visit(source.parsed.program)
  return found
}
