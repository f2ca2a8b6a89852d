import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Report } from './counts.ts'

/** A contract that nothing runs passes for ever. Answers one complaint for each contract whose rules no test of this run has proved. */
export function unprovedContracts(root: string, report: Report): string[] {
  const ran = new Map(
    report.testResults.map((file) => [file.name, file.assertionResults.filter((test) => test.status === 'passed').length]),
  )
  return listContracts(root)
    .filter(({ tests }) => !tests.some((test) => (ran.get(test) ?? 0) > 0))
    .map(({ path, tests }) =>
      tests.length === 0
        ? `${relative(root, path)}: no test runs this contract`
        : `${relative(root, path)}: none of the tests that run this contract has passed`,
    )
}

export type Contract = { path: string; tests: string[] }

/** Every contract with the test files that import it. */
export function listContracts(root: string): Contract[] {
  const files = ['server', 'shared', 'uploader', 'web', 'tests'].flatMap((folder) => filesBelow(join(root, folder)))
  const importers = files.filter((path) => /[.]test[.]tsx?$/.test(path)).map((path) => ({ path, imports: importsOf(root, path) }))
  return files
    .filter((path) => path.endsWith('.contract.ts'))
    .map((path) => ({ path, tests: importers.filter((file) => file.imports.includes(path)).map((file) => file.path) }))
}

function importsOf(root: string, path: string): string[] {
  const specifiers = readFileSync(path, 'utf8').matchAll(/from '([^']+[.]contract[.]ts)'/g)
  return Array.from(specifiers, ([, name = '']) => (name.startsWith('#') ? join(root, name.slice(1)) : resolve(dirname(path), name)))
}

function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
