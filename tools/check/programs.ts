import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { listFiles } from './source-tree.ts'
import type { Step } from './step.ts'

/** The steps that are others' programs. Each must say how many files it looked at, for a program that finds no file finds no fault. */
export const formatStep: Step = {
  name: 'format',
  look: async (root) => {
    const { code, text } = await run(root, '@biomejs/biome/bin/biome', ['format', '--colors=off', '--max-diagnostics=20', '.'])
    const files = Number(/Checked (\d+) files?/.exec(text)?.[1] ?? 0)
    const complaints = code === 0 ? [] : [...linesOf(text, /^(\S+) format ━/), 'npm run format mends it']
    return { complaints: [...complaints, ...blind(root, files, ['.ts', '.tsx', '.mjs'])], note: `${files} files` }
  },
}

export const lintStep: Step = {
  name: 'lint',
  look: async (root) => {
    const { code, text } = await run(root, 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--format=unix', '.'])
    const summary = await run(root, 'oxlint/bin/oxlint', ['--silent', '.'])
    const files = Number(/on (\d+) files?/.exec(summary.text)?.[1] ?? 0)
    const complaints = code === 0 ? [] : text.split('\n').filter((line) => /^\S+:\d+:\d+:/.test(line))
    if (code !== 0 && complaints.length === 0) complaints.push(text)
    return { complaints: [...complaints, ...blind(root, files, ['.ts', '.tsx', '.mjs'])], note: `${files} files` }
  },
}

export const typesStep: Step = {
  name: 'types',
  look: async (root) => {
    const { code, text } = await run(root, 'typescript/bin/tsc', ['--noEmit', '--pretty', 'false', '--listFiles', '-p', '.'])
    const lines = text.split('\n').filter(Boolean)
    const files = lines.filter((line) => line.startsWith(`${root}/`) && !line.includes('/node_modules/')).length
    const complaints = code === 0 ? [] : lines.filter((line) => !line.startsWith('/'))
    return { complaints: [...complaints, ...blind(root, files, ['.ts', '.tsx'])], note: `${files} files` }
  },
}

export const unusedStep: Step = {
  name: 'unused code',
  look: async (root) => {
    const { code, text } = await run(root, 'knip/bin/knip.js', ['--no-progress', '--reporter', 'compact'])
    return { complaints: code === 0 ? [] : text.trim().split('\n'), note: 'no file, export or package without a use' }
  },
}

function blind(root: string, looked: number, endings: readonly string[]): string[] {
  const there = listFiles(root, endings).length
  return looked >= there ? [] : [`it looked at ${looked} files where ${there} are`]
}

function linesOf(text: string, pattern: RegExp): string[] {
  return text.split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? [])
}

/** By this very node; packages from the checkout that the check itself stands in. */
async function run(root: string, script: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  const modules = join(import.meta.dirname, '../../node_modules')
  const child = spawn(process.execPath, [join(modules, script), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number>((over, fail) => child.once('error', fail).once('close', (exit) => over(exit ?? 1)))
  return { code, text: Buffer.concat(chunks).toString() }
}
