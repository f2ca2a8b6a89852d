import type { Report } from './counts.ts'

/** More than this many files that fail are no accident of a busy machine. */
const mostFiles = 10

type FileResult = Report['testResults'][number]

/** The files that are worth running once more, alone: few, and none when the run broke as a whole. */
export function filesToLookAtAgain(report: Report): string[] {
  const files = report.testResults.filter((file) => file.status === 'failed').map((file) => file.name)
  return files.length <= mostFiles ? files : []
}

/** The first report with the second one's answers in place of those that were asked again, and what was different then. */
export function takeSecondLook(first: Report, second: Report): { report: Report; unsteady: string[] } {
  const again = new Map(second.testResults.map((file) => [file.name, file]))
  const testResults = first.testResults.map((file) => again.get(file.name) ?? file)
  const unsteady = first.testResults.flatMap((file) => changed(file, again.get(file.name)))
  const count = (status: string) => testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === status).length
  const numFailedTests = count('failed')
  const success = testResults.every((file) => file.status !== 'failed')
  return { report: { ...first, testResults, success, numPassedTests: count('passed'), numFailedTests }, unsteady }
}

function changed(before: FileResult, after: FileResult | undefined): string[] {
  if (!after) return []
  const passes = new Set(after.assertionResults.filter((test) => test.status === 'passed').map((test) => test.fullName))
  const mended = before.assertionResults.filter((test) => test.status === 'failed' && passes.has(test.fullName))
  if (mended.length === 0 && before.status === 'failed' && after.status !== 'failed') return [`${before.name}, outside its tests`]
  return mended.map((test) => `${before.name}: ${test.fullName}`)
}
