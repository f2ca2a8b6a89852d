import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

/** Written in pieces, or this file would break its own law. */
const forbidden: readonly { pattern: RegExp; why: string }[] = [
  { pattern: new RegExp(['(^|[\\s"\'`(=:])/(wo', 'rk|fa', 'rm)/'].join('')), why: 'a path of somebody’s machine' },
  {
    pattern: new RegExp(`\\b(${['TO', 'DO|FIX', 'ME|XX', 'X|HA', 'CK'].join('')})\\b`),
    why: 'do it, or write it down where it will be found',
  },
  { pattern: new RegExp(['@ts-(ign', 'ore|expect-error|noch', 'eck)'].join('')), why: 'give it the type it has' },
  { pattern: new RegExp(['\\b(it|test|describe)[.](on', 'ly|sk', 'ip|to', 'do|fa', 'ils)\\b'].join('')), why: 'every test runs' },
  { pattern: new RegExp(['-----BEGIN [A-Z ]*PRIV', 'ATE KEY'].join('')), why: 'a secret' },
]

export const wordsStep: Step = { name: 'words', look: checkWords }

/** Words that have no place in what is handed on. */
export function checkWords(root: string): Outcome {
  const files = listFiles(root, [
    '.ts',
    '.tsx',
    '.mjs',
    '.md',
    '.css',
    '.html',
    '.json',
    '.yaml',
    '.yml',
    '.conf',
    '.sh',
    '.service',
    '.lua',
  ]).filter((path) => !path.endsWith('package-lock.json'))
  const complaints = files.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        forbidden.filter(({ pattern }) => pattern.test(line)).map(({ why }) => `${path}:${i + 1}: ${line.trim().slice(0, 80)} (${why})`),
      ),
  )
  return { complaints, note: `${files.length} files` }
}
