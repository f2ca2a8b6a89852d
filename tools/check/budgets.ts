import { quantile } from '../bench/compare.ts'
import { listSources, type SourceFile } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

/** Over budget means that a thing has two names: find them. */
const budget = { fileLines: 400, functionLines: 60, fileMedian: 60, fileNinth: 200, functionMedian: 10, functionNinth: 30 }

export const budgetsStep: Step = { name: 'budgets', look: checkBudgets }

export function checkBudgets(root: string): Outcome {
  const sources = listSources(root)
  const files = sources.map((source) => ({ where: source.path, lines: source.text.split('\n').length - 1 }))
  const functions = sources.flatMap(functionsOf)
  const over = [
    ...files
      .filter(({ lines }) => lines > budget.fileLines)
      .map(({ where, lines }) => `${where}: ${lines} lines, ${budget.fileLines} at most`),
    ...functions
      .filter(({ lines }) => lines > budget.functionLines)
      .map(({ where, lines }) => `${where}: a function of ${lines} lines, ${budget.functionLines} at most`),
  ]
  return {
    complaints: over,
    note: `files ${shape(files, budget.fileMedian, budget.fileNinth)}, functions ${shape(functions, budget.functionMedian, budget.functionNinth)}`,
  }
}

function shape(measured: readonly { lines: number }[], medianGoal: number, ninthGoal: number): string {
  const lines = measured.map((one) => one.lines)
  const [middle, ninth, most] = [0.5, 0.9, 1].map((q) => Math.round(quantile(lines, q)))
  return `${middle} / ${ninth} / ${most} lines (median ${medianGoal}, p90 ${ninthGoal} wished)`
}

type Measured = { where: string; lines: number }
type Node = { type: string; start: number; end: number; [key: string]: unknown }

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const tableTypes = new Set(['ObjectExpression', 'ArrayExpression', 'TemplateLiteral', 'TSTypeLiteral'])

/**
 * A function's own lines: those of functions within count for these, and those of tables (literals) for nobody, so that a factory, a
 * suite and a list of routes are not long for what they merely hold.
 */
function functionsOf(source: SourceFile): Measured[] {
  const found: Measured[] = []
  const linesOf = (node: Node) => source.lineOf(node.end) - source.lineOf(node.start) + 1
  /** How many lines of what stands around it a node takes upon itself. */
  const measure = (node: Node): number => {
    const taken = childrenOf(node)
      .map(measure)
      .reduce((sum, lines) => sum + lines, 0)
    const lines = linesOf(node)
    if (functionTypes.has(node.type)) found.push({ where: `${source.path}:${source.lineOf(node.start)}`, lines: lines - taken })
    return functionTypes.has(node.type) || tableTypes.has(node.type) ? lines - 1 : taken
  }
  measure(source.parsed.program as unknown as Node)
  return found
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string')
}
