import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, type PartProcess, startProcess, until } from './part-process.ts'

export type RedisPart = AsyncDisposable & {
  readonly url: string
  readonly port: number
  kill(): Promise<void>
  /** Without a stop that saves: what is not in its file is gone. The address stays. */
  restart(): Promise<void>
  /** FLUSHALL. */
  flush(): Promise<void>
  /** One command, past every client: `ask('SET', 'key', 'value')` answers the bare lines. */
  ask(...command: string[]): Promise<string>
  /** It holds its connections and answers nothing, until it is resumed. */
  freeze(): void
  resume(): void
}

/** A Redis of one's own. It forgets everything at a restart, unless `keeps` is set: then it has an append-only file, synced each second. */
export async function openRedis(options: { keeps?: boolean; password?: string; args?: readonly string[] } = {}): Promise<RedisPart> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-redis-'))
  const [port = 0] = await freePorts(1)
  const { password } = options
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', options.keeps ? 'yes' : 'no']
  if (password !== undefined) args.push('--requirepass', password)
  // With a title it would write over its environment, by which the runner of the tests finds what is left behind.
  args.push('--set-proc-title', 'no', ...(options.args ?? []))

  const ask = (...command: string[]) => exchange(port, password === undefined ? [command] : [['AUTH', password], command])
  const start = async () => {
    const started = startProcess('redis-server', args)
    await until(async () => (await ask('PING')).includes('PONG'), { what: 'the start of Redis', processes: [started] })
    return started
  }
  let running: PartProcess = await start()

  return {
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    port,
    ask,
    kill: () => running.kill(),
    async restart() {
      if (!running.hasEnded()) await running.kill()
      running = await start()
    },
    async flush() {
      await ask('FLUSHALL')
    },
    freeze: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      if (!running.hasEnded()) await running.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The protocol at its barest: commands out, lines in, until the server closes. */
async function exchange(port: number, commands: readonly (readonly string[])[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    const all = [...commands, ['QUIT']]
    socket.write(
      all
        .map((command) => `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`)
        .join(''),
    )
    socket.setTimeout(5000, () => socket.destroy(new Error('Redis does not answer.')))
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    // The answer before is that of AUTH, the one after that of QUIT; lengths are left out.
    const lines = answer.split('\r\n').slice(commands.length - 1, -2)
    return lines.filter((line) => !/^[$*]\d+$/.test(line)).join('\n')
  } finally {
    socket.destroy()
  }
}
