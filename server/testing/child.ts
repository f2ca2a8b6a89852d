import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { until } from './queue-ground.ts'

/** A script in a process of its own, which a test hears, stops and kills. */
export type Child = AsyncDisposable & {
  readonly pid: number
  /** Waits for a line. */
  says(pattern: RegExp): Promise<RegExpMatchArray>
  /** Every line, those said before included. */
  onLine(heard: (line: string) => unknown): void
  write(text: string): void
  /** SIGKILL. */
  kill(): void
  stop(): void
  goOn(): void
}

export async function startChild(script: URL, args: readonly string[]): Promise<Child> {
  const child = spawn(process.execPath, [script.pathname, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: string[] = []
  const hearers = new Set<(line: string) => unknown>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const heard of hearers) heard(line)
  })
  child.stdin.on('error', () => {})
  const says = async (pattern: RegExp) => {
    let match: RegExpMatchArray | undefined
    await until(
      `${script.pathname} says ${pattern}`,
      () => {
        match = lines.map((line) => line.match(pattern)).find((found) => found !== null) ?? undefined
        return match !== undefined
      },
      120_000,
    )
    if (!match) throw new Error('nothing was said')
    return match
  }
  const started: Child = {
    pid: child.pid ?? 0,
    says,
    onLine(heard) {
      for (const line of lines) heard(line)
      hearers.add(heard)
    },
    write: (text) => void child.stdin.write(text),
    kill: () => void child.kill('SIGKILL'),
    stop: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
  await says(/^ready$/)
  return started
}
