import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'

export type Launch = {
  args?: readonly string[]
  env?: Record<string, string>
  cwd?: string
  /** Cores it may use, where taskset stands: `[0]`. */
  cores?: readonly number[]
  /** Flags for node itself, when `program` is a script. */
  nodeFlags?: readonly string[]
  /** Resolves when a line of its output matches; else at once. */
  until?: RegExp
  untilMs?: number
}

export type Launched = AsyncDisposable & {
  readonly pid: number
  /** What `until` matched. */
  readonly match: RegExpMatchArray | undefined
  /** CPU of the process and of everything below it, those that ended included. Steps of 10 ms. */
  cpuMs(): number
  /** CPU of the process alone, without what it has started. */
  ownCpuMs(): number
  /** Memory at rest of the process and everything below it. */
  rssBytes(): number
  /** The exit code, once it has ended and all it said has been heard. */
  ended(): Promise<number>
  /** Everything it has written to stdout. */
  lines(): readonly string[]
  /** The last of what it has said, complaints included: for the error of a bench that waits in vain. */
  lastWords(): string
  send(signal: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL after five seconds. */
  stop(): Promise<void>
}

/** Starts a script (`.ts`, `.mjs`, `.js`: by this very node) or a program, in the sight of the bench. */
export async function launch(program: string, options: Launch = {}): Promise<Launched> {
  const script = /[.][mc]?[jt]s$/.test(program)
  const command = script
    ? [process.execPath, ...(options.nodeFlags ?? []), program, ...(options.args ?? [])]
    : [program, ...(options.args ?? [])]
  const pinned = options.cores && hasTaskset() ? ['taskset', '-c', options.cores.join(','), ...command] : command
  const [head = program, ...rest] = pinned
  const child = spawn(head, rest, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const complaints: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line))
  const exit = once(child, 'exit').then(([code, signal]) => (code as number | null) ?? (signal ? 128 : 1))
  const closed = once(child, 'close').then(() => exit)
  for (const promise of [exit, closed]) promise.catch(() => {})
  const match = options.until ? await firstMatch(child, exit, options, { lines, complaints }) : undefined
  if (child.pid === undefined) throw new Error(`${program} did not start`)
  return new Process(child, { exit, closed }, { lines, complaints }, match)
}

/** Runs a script to its end; its last line of stdout is its answer, in JSON. */
export async function runScript<T>(script: string, options: Launch = {}): Promise<{ answer: T; cpuMs: number }> {
  await using child = await launch(script, { ...options, nodeFlags: ['--import', reporter, ...(options.nodeFlags ?? [])] })
  const code = await child.ended()
  const cpu = child.lines().findLast((line) => line.startsWith('cpu-ms '))
  const answer = child.lines().findLast((line) => line !== '' && !line.startsWith('cpu-ms '))
  if (code !== 0 || answer === undefined || cpu === undefined) throw new Error(`${script} ended with ${code}:\n${child.lines().join('\n')}`)
  return { answer: JSON.parse(answer) as T, cpuMs: Number(cpu.slice('cpu-ms '.length)) }
}

/** A process that has ended cannot be asked for its CPU: it says it itself. */
const reporter = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => { const u = process.cpuUsage(); writeSync(1, `\\ncpu-ms ${(u.user + u.system) / 1000}\\n`) })",
)}`

type Heard = { lines: string[]; complaints: string[] }

class Process implements Launched {
  readonly #child: ChildProcess
  readonly #over: { exit: Promise<number>; closed: Promise<number> }
  readonly #heard: Heard
  readonly match: RegExpMatchArray | undefined
  readonly pid: number

  constructor(
    child: ChildProcess,
    over: { exit: Promise<number>; closed: Promise<number> },
    heard: Heard,
    match: RegExpMatchArray | undefined,
  ) {
    this.#child = child
    this.#over = over
    this.#heard = heard
    this.match = match
    this.pid = child.pid ?? 0
  }

  cpuMs(): number {
    return familyOf(this.pid).reduce((sum, pid) => sum + cpuTicksOf(pid) * 10, 0)
  }

  ownCpuMs(): number {
    return (statOf(this.pid)?.ownTicks ?? 0) * 10
  }

  rssBytes(): number {
    return familyOf(this.pid).reduce((sum, pid) => sum + rssBytesOf(pid), 0)
  }

  ended(): Promise<number> {
    return this.#over.closed
  }

  lines(): readonly string[] {
    return this.#heard.lines
  }

  lastWords(): string {
    return [...this.#heard.lines.slice(-10), ...this.#heard.complaints.slice(-20)].join('\n')
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGTERM')
    const last = setTimeout(() => this.#child.kill('SIGKILL'), 5000)
    await this.#over.exit
    clearTimeout(last)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

async function firstMatch(child: ChildProcess, exit: Promise<number>, options: Launch, heard: Heard) {
  const deadline = Date.now() + (options.untilMs ?? 30_000)
  let over: number | undefined
  exit.then(
    (code) => {
      over = code
    },
    () => {
      over = -1
    },
  )
  for (;;) {
    for (const line of [...heard.lines, ...heard.complaints]) {
      const match = options.until && line.match(options.until)
      if (match) return match
    }
    if (over !== undefined || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${child.spawnfile} never said ${options.until}:\n${[...heard.lines, ...heard.complaints].slice(-20).join('\n')}`)
    }
    await new Promise((go) => setTimeout(go, 2))
  }
}

/** Whatever runs below this process ends now, in whatever way it was started. */
export function killFamily(): void {
  for (const pid of familyOf(process.pid).slice(1)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** The process and everything below it, from /proc. */
function familyOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const family = [root]
  for (let i = 0; i < family.length; i++) family.push(...(children.get(family[i] ?? 0) ?? []))
  return family
}

function cpuTicksOf(pid: number): number {
  return statOf(pid)?.ticks ?? 0
}

/** proc(5): after the name in parentheses, fields 4 (parent) and 14 to 17 (own and ended children's user and system time, in ticks of 10 ms). */
function statOf(pid: number): { parent: number; ticks: number; ownTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + (fields[i] ?? 0), 0)
    return { parent: fields[1] ?? 0, ticks, ownTicks: (fields[11] ?? 0) + (fields[12] ?? 0) }
  } catch {
    return undefined
  }
}

function rssBytesOf(pid: number): number {
  try {
    const kib = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m)?.[1]
    return Number(kib ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Keeps this very process, with all its threads, to these cores, so that who asks and who answers do not take turns on one. */
export function stayOn(cores: readonly number[]): void {
  const last = Math.max(...cores)
  if (last >= cpus().length || !hasTaskset()) return
  spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(process.pid)], { stdio: 'ignore' })
}

let taskset: boolean | undefined
function hasTaskset(): boolean {
  taskset ??= spawnSync('taskset', ['-V'], { stdio: 'ignore' }).status === 0
  return taskset
}
