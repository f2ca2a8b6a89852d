import { readdirSync, readFileSync } from 'node:fs'

/** Every process of a run inherits this variable, those that detach themselves included: by it they are found, whatever became of their parent. */
export const runVariable = 'MATINEE_TEST_RUN'

export type LeftBehind = { pid: number; name: string }

export function listLeftBehind(run: string): LeftBehind[] {
  return processIds()
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(`${runVariable}=${run}`))
    .map((pid) => ({ pid, name: nameOf(pid) }))
}

/** Asks them to end, then ends them. */
export async function endLeftBehind(run: string, patienceMs = 5000): Promise<LeftBehind[]> {
  const found = listLeftBehind(run)
  signalAll(found, 'SIGTERM')
  for (let waited = 0; waited < patienceMs && listLeftBehind(run).length > 0; waited += 50) await new Promise((go) => setTimeout(go, 50))
  signalAll(listLeftBehind(run), 'SIGKILL')
  return found
}

function signalAll(processes: readonly LeftBehind[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Nothing where there is no /proc: there the parts end themselves with their worker. */
function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return 'ended'
  }
}
