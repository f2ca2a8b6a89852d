import { spawn } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countResults, countsLine, type Report, slowestFiles } from './counts.ts'
import { leftOut } from './quick.ts'
import { endLeftBehind, listLeftBehind, runVariable } from './left-behind.ts'
import { filesToLookAtAgain, takeSecondLook } from './second-look.ts'
import { listContracts, unprovedContracts } from './suites.ts'

const file = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  startTime: 0,
  endTime: 2000,
  assertionResults: statuses.map((status) => ({ status, title: status, fullName: status })),
})

function report(testResults: Report['testResults'], tests: Partial<Report> = {}): Report {
  return { success: true, numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults, ...tests }
}

test('the last line counts what passed, failed and was left out', () => {
  const counts = countResults(report([], { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 }), 1)
  expect(countsLine(counts)).toBe('3 passed, 1 failed, 2 skipped')
})

test('a file that cannot be loaded is a failure, though no test of it failed', () => {
  const counts = countResults(report([{ ...file('a.test.ts'), status: 'failed' }], { numPassedTests: 3 }), 1)
  expect(counts).toMatchObject({ failed: 1, complaints: ['a.test.ts: failed outside its tests'] })
})

test('a run that failed for no test is a failure', () => {
  expect(countResults(report([file('a.test.ts', 'passed')], { numPassedTests: 1 }), 1).failed).toBe(1)
  expect(countResults(report([file('a.test.ts', 'passed')], { numPassedTests: 1 }), 0).failed).toBe(0)
})

test('few files that fail are looked at again; what passes then is counted and named, what fails twice has failed', () => {
  const first = report([file('a.test.ts', 'passed', 'failed'), file('b.test.ts', 'failed'), file('c.test.ts', 'passed')])
  expect(filesToLookAtAgain(first)).toEqual(['a.test.ts', 'b.test.ts'])
  expect(filesToLookAtAgain(report(Array.from({ length: 11 }, (_, n) => file(`${n}.test.ts`, 'failed'))))).toEqual([])

  const passes = {
    ...file('a.test.ts', 'passed'),
    assertionResults: ['passed', 'failed'].map((name) => ({ status: 'passed', title: name, fullName: name })),
  }
  const { report: settled, unsteady } = takeSecondLook(first, report([passes, file('b.test.ts', 'failed')]))
  expect(unsteady).toEqual(['a.test.ts: failed'])
  expect(countsLine(countResults(settled, 1))).toBe('3 passed, 1 failed, 0 skipped')
  expect(countsLine(countResults(takeSecondLook(report([file('a.test.ts', 'failed')]), report([passes])).report, 0))).toBe(
    '2 passed, 0 failed, 0 skipped',
  )
})

test('a file that broke outside its tests and then did not is named', () => {
  const broken = { ...file('a.test.ts', 'passed'), status: 'failed' }
  const { report: settled, unsteady } = takeSecondLook(report([broken]), report([file('a.test.ts', 'passed')]))
  expect(unsteady).toEqual(['a.test.ts, outside its tests'])
  expect(countResults(settled, 0).failed).toBe(0)
})

test('the slowest files are named from the root', () => {
  expect(slowestFiles(report([file('/here/a.test.ts', 'passed')]), '/here')).toEqual(['   2.0 s  a.test.ts'])
})

test('a contract that nothing runs fails, and so does one whose every run was skipped', () => {
  const root = mkdtempSync(join(tmpdir(), 'matinee-suites-'))
  mkdirSync(join(root, 'server/adapters/queue'), { recursive: true })
  const plant = (name: string, text: string) => writeFileSync(join(root, 'server/adapters/queue', name), text)
  plant('queue.contract.ts', 'export function queueContract() {}')
  expect(unprovedContracts(root, report([]))).toEqual(['server/adapters/queue/queue.contract.ts: no test runs this contract'])

  plant('sqlite-queue.test.ts', "import { queueContract } from './queue.contract.ts'")
  plant('redis-queue.test.ts', "import { queueContract } from '#server/adapters/queue/queue.contract.ts'")
  expect(listContracts(root)[0]?.tests).toHaveLength(2)
  const path = join(root, 'server/adapters/queue/sqlite-queue.test.ts')
  expect(unprovedContracts(root, report([file(path, 'pending')]))).toHaveLength(1)
  expect(unprovedContracts(root, report([file(path, 'pending', 'passed')]))).toEqual([])
})

test('what the quick run leaves out is there', () => {
  const root = join(import.meta.dirname, '../..')
  for (const files of leftOut) expect(globSync(files, { cwd: root }).length, files).toBeGreaterThan(0)
})

test.runIf(process.platform === 'linux')('what a run leaves behind is found and ended, even when it detached itself', async () => {
  const run = `proof-${process.pid}`
  const script = "setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); console.log('up')"
  const child = spawn(process.execPath, ['-e', script], { detached: true, env: { ...process.env, [runVariable]: run } })
  await new Promise((up) => child.stdout.once('data', up))
  expect(listLeftBehind(run).map(({ pid }) => pid)).toEqual([child.pid])
  const gone = new Promise((over) => child.once('exit', (_code, signal) => over(signal)))
  await endLeftBehind(run, 200)
  expect(await gone).toBe('SIGKILL')
  expect(listLeftBehind(run)).toEqual([])
})
