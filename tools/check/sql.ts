import { type Expression, type TemplateLiteral, Visitor } from 'oxc-parser'
import { isTest, listSources, type SourceFile } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

export const sqlStep: Step = { name: 'sql', look: checkSql }

/** No value becomes part of a statement: statements are whole, or the query builder's, and values are their parameters. */
export function checkSql(root: string): Outcome {
  const sources = listSources(root).filter(({ path }) => path.startsWith('server/') && !isTest(path))
  const complaints = sources.filter(({ path }) => !writesStatements.has(path)).flatMap(breachesOf)
  return { complaints, note: `${sources.length} files` }
}

/** Where statements are put together from names and numbers of our own. Each entry needs a reason. */
const writesStatements = new Set([
  'server/database/schema/sql.ts', // the schema tool: names checked by its model, defaults by itself
  'server/database/schema/row-sql.ts', // whole tables, by the names that the model has checked
  'server/adapters/database/mysql/mysql-database.ts', // limits of time, numbers
  'server/adapters/database/sqlite/database-thread.ts', // a count of pages, a number
])

const statement =
  /^\s*(select\s|insert\s+(ignore\s+|or\s+\w+\s+)?into\s|replace\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s+as\s*\(|(create|drop|alter)\s+(unique\s+|virtual\s+|temporary\s+|fulltext\s+)*(table|index|view|trigger|database|user)\s|pragma\s|vacuum\s|attach\s|set\s+(session|global)\s|grant\s|call\s|load\s+data\s)/i

/** Functions that take a text as it is into a statement, without parameters beside it. */
const doors = new Set(['sql.raw', 'sql.lit', 'sql.literal', 'sql.id'])

function breachesOf(source: SourceFile): string[] {
  const found: string[] = []
  const isWhole = wholeIn(source)
  const complain = (start: number, sentence: string) => found.push(`${source.path}:${source.lineOf(start)}: ${sentence}`)
  const tagged = new Set<number>()
  new Visitor({
    TaggedTemplateExpression: (node) => void tagged.add(node.quasi.start),
    TemplateLiteral(node) {
      if (!tagged.has(node.start) && !isWhole(node) && statement.test(textOf(node)))
        complain(node.start, 'a statement with a value in its text: give the value as a parameter')
    },
    BinaryExpression(node) {
      if (node.operator === '+' && !isWhole(node) && statement.test(leftmost(node)))
        complain(node.start, 'a statement put together with +: give the value as a parameter')
    },
    CallExpression(node) {
      if (node.callee.type !== 'MemberExpression' || node.callee.object.type !== 'Identifier' || node.callee.property.type !== 'Identifier')
        return
      const name = `${node.callee.object.name}.${node.callee.property.name}`
      const [text] = node.arguments
      if (!text || text.type === 'SpreadElement' || isWhole(text)) return
      if (doors.has(name)) complain(node.start, `${name}(…) of something that is not a plain text`)
      else if (name === 'CompiledQuery.raw' && (text.type === 'TemplateLiteral' || text.type === 'BinaryExpression'))
        complain(node.start, `${name}(…) of a text with a value in it`)
    },
  }).visit(source.parsed.program)
  return found
}

type Node = Expression | { type: 'PrivateIdentifier' }

/** Tells of an expression whether it is plain text through and through: also by the names of plain texts that stand at the top of the file. */
function wholeIn(source: SourceFile): (node: Node) => boolean {
  const names = new Set<string>()
  const isWhole = (node: Node): boolean => {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string'
      case 'Identifier':
        return names.has(node.name)
      case 'TemplateLiteral':
        return node.expressions.every(isWhole)
      case 'BinaryExpression':
        return node.operator === '+' && isWhole(node.left) && isWhole(node.right)
      default:
        return false
    }
  }
  for (const statement of source.parsed.program.body) {
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') continue
    for (const { id, init } of statement.declarations) if (id.type === 'Identifier' && init && isWhole(init)) names.add(id.name)
  }
  return isWhole
}

function textOf(node: TemplateLiteral): string {
  return node.quasis.map(({ value }) => value.raw).join('x ')
}

function leftmost(node: Node): string {
  if (node.type === 'BinaryExpression') return leftmost(node.left)
  if (node.type === 'Literal' && typeof node.value === 'string') return `${node.value} x`
  return node.type === 'TemplateLiteral' ? textOf(node) : ''
}
