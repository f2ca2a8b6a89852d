import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Counts, countResults, countsLine, type Report, slowestFiles } from './counts.ts'
import { endLeftBehind, runVariable } from './left-behind.ts'
import { installParts } from './parts.ts'
import { leftOut } from './quick.ts'
import { filesToLookAtAgain, takeSecondLook } from './second-look.ts'
import { unprovedContracts } from './suites.ts'

/** `npm test [-- FILTER…]`, `-- --embedded`, `-- --long`. Ends with the line of counts, alone. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { embedded: { type: 'boolean', default: false }, long: { type: 'boolean', default: false } },
})
const root = join(import.meta.dirname, '../..')
const beganMs = Date.now()

const missing = values.embedded ? [] : installParts(say)
// Short, for the paths of sockets below it have 108 bytes.
const folder = mkdtempSync(join(tmpdir(), 'mt-'))
/** For files of parts that need not outlive anything. */
const memory = hasSpace('/dev/shm') ? mkdtempSync('/dev/shm/mt-') : folder
const run = folder.slice(folder.lastIndexOf('-') + 1)
process.env[runVariable] = run
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal))

const { code, report } = await runTests()
if (!stopping) {
  const counts = judge(code, report)
  await tidy()
  for (const line of counts.complaints) say(line)
  say(`${Math.round((Date.now() - beganMs) / 1000)} s`)
  console.log(countsLine(counts))
  process.exit(counts.failed > 0 ? 1 : 0)
}

function judge(exitCode: number, read: Report | undefined): Counts {
  if (!read) return { passed: 0, failed: 1, skipped: 0, complaints: [`vitest ended with ${exitCode} and without a report`] }
  for (const line of slowestFiles(read, root)) say(line)
  const counts = countResults(read, exitCode)
  const whole = positionals.length === 0 && !values.embedded
  const complaints = [
    ...(whole ? unprovedContracts(root, read) : []),
    ...(process.env.CI ? missing.map((part) => `${part} is missing and could not be installed`) : []),
  ]
  return { ...counts, failed: counts.failed + complaints.length, complaints: [...counts.complaints, ...complaints] }
}

/** Few files that fail are run once more, alone: a machine that many share now and then holds a test up. What passes then is named all the same. */
async function runTests(): Promise<{ code: number; report: Report | undefined }> {
  const first = await runVitest('first', [...quick(), ...positionals])
  const files = values.long || stopping || !first.report ? [] : filesToLookAtAgain(first.report)
  if (files.length === 0 || !first.report) return first
  say(`${files.length} of the files failed: a second look at them, alone`)
  const again = await runVitest('second', ['--maxWorkers=1', ...files])
  if (!again.report) return first
  const { report: settled, unsteady } = takeSecondLook(first.report, again.report)
  for (const name of unsteady) say(`unsteady, it failed once and passed alone: ${name.replace(`${root}/`, '')}`)
  return { code: again.code, report: settled }
}

async function runVitest(name: string, what: string[]): Promise<{ code: number; report: Report | undefined }> {
  const output = join(folder, `${name}.json`)
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`, ...what]
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      TMPDIR: folder,
      MATINEE_TEST_MEMORY: memory,
      MATINEE_TEST_MISSING: missing.join(','),
      ...(values.embedded ? { MATINEE_TEST_GROUND: 'embedded' } : {}),
      ...(values.long ? { MATINEE_TEST_LONG: '1' } : {}),
    },
  })
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  return { code: exitCode ?? 1, report: readReport(output) }
}

/** Files that are asked for by name run in any case. */
function quick(): string[] {
  if (!values.embedded || positionals.length > 0) return []
  return [`--maxWorkers=${availableParallelism()}`, ...leftOut.map((files) => `--exclude=${files}`)]
}

function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return undefined
  }
}

/** Containers often have a small one. */
function hasSpace(memoryFolder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder)
    return bavail * bsize > 8 * 2 ** 30
  } catch {
    return false
  }
}

/** Nothing of a run stays: no process, no file. */
async function tidy(): Promise<void> {
  await endLeftBehind(run)
  for (const place of [folder, memory]) rmSync(place, { recursive: true, force: true, maxRetries: 3 })
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return
  stopping = true
  say(`${signal}: stopping`)
  await tidy()
  console.log(countsLine({ passed: 0, failed: 1, skipped: 0, complaints: [] }))
  process.exit(1)
}

function say(line: string): void {
  console.log(`test: ${line}`)
}
