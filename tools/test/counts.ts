/** What of vitest's JSON report is looked at. */
export type Report = {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: {
    name: string
    status: string
    startTime: number
    endTime: number
    message?: string
    assertionResults: { status: string; title: string; fullName: string }[]
  }[]
}

export type Counts = { passed: number; failed: number; skipped: number; complaints: string[] }

/** A file that could not even be loaded holds no failed test: it counts as one. So does a run that failed for no test's sake. */
export function countResults(report: Report, exitCode: number): Counts {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const complaints = broken.map((file) => `${file.name}: failed outside its tests`)
  const failed = report.numFailedTests + broken.length
  const counts = { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests, complaints }
  if (exitCode === 0 || failed > 0) return counts
  return { ...counts, failed: 1, complaints: ['vitest failed, though no test did (an unhandled error?)'] }
}

/** The one line at the end, for people and machines. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** Where the time went. */
export function slowestFiles(report: Report, root: string, count = 5): string[] {
  return report.testResults
    .map((file) => ({ name: file.name.replace(`${root}/`, ''), seconds: (file.endTime - file.startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .filter((file) => file.seconds >= 1)
    .map((file) => `${file.seconds.toFixed(1).padStart(6)} s  ${file.name}`)
}
