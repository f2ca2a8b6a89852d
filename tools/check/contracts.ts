import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listContracts } from '../test/suites.ts'
import { listFiles } from './source-tree.ts'
import type { Outcome, Step } from './step.ts'

export const contractsStep: Step = { name: 'contracts', look: checkContracts }

/** A port's contract is run by some test, and every adapter beside it has a test that runs it. */
export function checkContracts(root: string): Outcome {
  const contracts = listContracts(root).map(({ path, tests }) => ({
    path: path.slice(root.length + 1),
    tests: tests.map((test) => test.slice(root.length + 1)),
  }))
  const complaints = contracts.flatMap(({ path, tests }) => [
    ...(tests.length === 0 ? [`${path}: no test runs this contract`] : []),
    ...adaptersBeside(root, path)
      .filter((adapter) => !runsIt(root, adapter, tests))
      .map((adapter) => `${adapter}: no test beside it runs ${path}`),
  ])
  return { complaints, note: `${contracts.length} contracts, ${new Set(contracts.flatMap(({ tests }) => tests)).size} suites` }
}

/** `queue.contract.ts` binds every `…-queue.ts` beside or below it; `create-queue.ts` is a part of one. */
function adaptersBeside(root: string, contract: string): string[] {
  const port = /([^/]+)[.]contract[.]ts$/.exec(contract)?.[1] ?? ''
  return listFiles(root, [`-${port}.ts`], dirname(contract)).filter((path) => !/\/(testing\/|create-)/.test(path))
}

/** By its own test, or by one that names it. */
function runsIt(root: string, adapter: string, tests: readonly string[]): boolean {
  const own = adapter.replace(/[.]ts$/, '.test.ts')
  const file = adapter.slice(adapter.lastIndexOf('/') + 1)
  return (
    tests.includes(own) ||
    tests.some((test) => existsSync(join(root, test)) && readFileSync(join(root, test), 'utf8').includes(`/${file}'`))
  )
}
