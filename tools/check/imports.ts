import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { Visitor } from 'oxc-parser'
import { type Import, needsRoom, roomOf, sentences } from './law.ts'
import { findRings } from './rings.ts'
import { isTest, listSources, type SourceFile } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

/** The law of imports, types included. Files are parsed, not searched, and one that does not parse is a complaint. */
export const importsStep: Step = { name: 'imports', look: checkImports }

export function checkImports(root: string): Outcome {
  const sources = listSources(root)
  const links = sources.flatMap((source) => importsOf(root, source))
  const complaints = [
    ...sources.filter((source) => source.parsed.errors.length > 0).map((source) => `${source.path}: does not parse`),
    ...sources
      .filter(({ path }) => needsRoom(path) && !roomOf(path))
      .map(({ path }) => `${path}: this folder has no place in the law (tools/check/law.ts)`),
    ...links.flatMap((link) => sentences.filter((sentence) => sentence.broken(link)).map((sentence) => `${shown(link)}: ${sentence.name}`)),
    ...links
      .filter((link) => link.kind === 'file' && !existsSync(join(root, link.to)))
      .map((link) => `${shown(link)}: there is no such file`),
    ...findRings(links).map((ring) => `No rings: ${ring.join(' → ')}`),
    ...undeclared(root, links),
  ]
  return { complaints, note: `${sources.length} files, ${links.length} imports` }
}

/** Everything a file leans on: imports, exports from, `import()`, types by `import('…')`, and `new URL('…', import.meta.url)` (workers). */
function importsOf(root: string, source: SourceFile): Import[] {
  const { module } = source.parsed
  const found: { name: string; start: number; typeOnly: boolean }[] = []
  const saysType = (start: number) => /^(import|export)\s+type\b/.test(source.text.slice(start, start + 20))
  for (const { moduleRequest, start } of module.staticImports) found.push({ name: moduleRequest.value, start, typeOnly: saysType(start) })
  for (const { entries, start } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest)?.moduleRequest
    if (request) found.push({ name: request.value, start, typeOnly: saysType(start) })
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const name = literal(source.text.slice(moduleRequest.start, moduleRequest.end))
    if (name !== undefined) found.push({ name, start, typeOnly: false })
  }
  found.push(...visited(source))
  return found.map(({ name, start, typeOnly }) => ({
    ...resolve(root, source.path, name),
    from: source.path,
    line: source.lineOf(start),
    typeOnly,
  }))
}

function visited(source: SourceFile) {
  const found: { name: string; start: number; typeOnly: boolean }[] = []
  if (!/\bimport\(|new URL\(/.test(source.text)) return found
  new Visitor({
    TSImportType: (node) => void found.push({ name: node.source.value, start: node.start, typeOnly: true }),
    NewExpression: (node) => {
      const [first, second] = node.arguments
      if (
        node.callee.type !== 'Identifier' ||
        node.callee.name !== 'URL' ||
        first?.type !== 'Literal' ||
        second?.type !== 'MemberExpression'
      )
        return
      if (/^[.]{1,2}\/.*[.](ts|tsx|mjs)$/.test(String(first.value)))
        found.push({ name: String(first.value), start: node.start, typeOnly: false })
    },
  }).visit(source.parsed.program)
  return found
}

function resolve(root: string, from: string, name: string): Pick<Import, 'to' | 'kind'> {
  const file = name.split('?')[0] ?? name
  if (file.startsWith('#')) return { kind: 'file', to: file.slice(1) }
  if (file.startsWith('.')) return { kind: 'file', to: normalize(join(dirname(from), file)) }
  if (file.startsWith('/')) return { kind: 'file', to: existsSync(join(root, `web${file}`)) ? `web${file}` : file.slice(1) }
  const [scope = name, rest] = file.split('/')
  return { kind: 'package', to: scope.startsWith('@') && rest ? `${scope}/${rest}` : scope }
}

/** What ships must not lean on a package that is here for development only. The web app is built, so it may. */
function undeclared(root: string, links: readonly Import[]): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> }
  const declared = manifest.dependencies ?? {}
  return links
    .filter((link) => link.kind === 'package' && !link.typeOnly && /^(server|shared|uploader)\//.test(link.from) && !isTest(link.from))
    .filter((link) => !isBuiltin(link.to) && !link.to.startsWith('node:') && !(link.to in declared))
    .map((link) => `${shown(link)}: what ships imports only "dependencies" of package.json`)
}

function literal(text: string): string | undefined {
  return /^(['"`])([^'"`$]*)\1$/.exec(text.trim())?.[2]
}

function shown(link: Import): string {
  return `${link.from}:${link.line} → ${link.to}`
}
