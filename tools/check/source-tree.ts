import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ParseResult, parseSync } from 'oxc-parser'

export type SourceFile = {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
  /** Parsed once, when first asked for. */
  readonly parsed: ParseResult
  lineOf(offset: number): number
}

const skipped = new Set(['node_modules', 'dist', 'data', 'coverage'])

/** Every file of the house whose name ends so, whether git knows it or not; hidden folders apart. */
export function listFiles(root: string, endings: readonly string[], folder = ''): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.isDirectory()) return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : listFiles(root, endings, path)
    return entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) ? [path] : []
  })
}

/** All code, parsed. */
export function listSources(root: string): SourceFile[] {
  return listFiles(root, ['.ts', '.tsx', '.mjs']).map((path) => openSource(root, path))
}

function openSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  let parsed: ParseResult | undefined
  let ends: number[] | undefined
  return {
    path,
    text,
    get parsed() {
      parsed ??= parseSync(path, text)
      return parsed
    },
    lineOf: (offset) => {
      ends ??= lineEnds(text)
      return firstAtLeast(ends, offset) + 1
    },
  }
}

export function isTest(path: string): boolean {
  return /[.](test|contract)[.]tsx?$/.test(path) || /(^|\/)testing\//.test(path) || path.startsWith('tests/')
}

function lineEnds(text: string): number[] {
  const ends: number[] = []
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at)
  return ends
}

/** The index of the first of these (sorted) that is not below. */
function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
