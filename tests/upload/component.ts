import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PartProcess, startProcess, until } from '#server/testing/parts/part-process.ts'

export const root = join(import.meta.dirname, '../..')
const program = join(root, 'matinee')
export const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

/** The upload component alone, as a process, with a file that configures it. */
export type Component = AsyncDisposable & {
  readonly folder: string
  readonly url: string
  process(): PartProcess
  configure(yaml: string): Promise<void>
  kill(): Promise<void>
  /** At the same address as before. */
  start(): Promise<void>
}

export async function openComponent(
  yaml: (folder: string) => string,
  { roles = 'upload', settings = {} }: { roles?: string; settings?: Record<string, string> } = {},
): Promise<Component> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-component-'))
  const file = join(folder, 'fupload.yaml')
  await writeFile(file, yaml(folder))
  let running: PartProcess | undefined
  let url = ''
  const start = async () => {
    const port = url === '' ? '0' : new URL(url).port
    const words = ['serve', '-c', file, '--host', '127.0.0.1', '--port', port, '--data', join(folder, 'data')]
    if (roles !== '') words.push('--roles', roles)
    const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
    const started = startProcess(program, [...words, ...set], { group: true })
    running = started
    const said = () => /is open: (http:\/\/[^\s,]+)/.exec(started.output())?.[1]
    await until(async () => said() !== undefined, { what: 'the start of the component', processes: [started], timeoutMs: 240_000 })
    url = said() ?? ''
  }
  const component: Component = {
    folder,
    get url() {
      return url
    },
    process() {
      if (!running) throw new Error('The component does not run.')
      return running
    },
    configure: (text) => writeFile(file, text),
    async kill() {
      await running?.kill('SIGKILL')
    },
    start,
    async [Symbol.asyncDispose]() {
      await running?.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  try {
    await start()
  } catch (error) {
    await component[Symbol.asyncDispose]()
    throw error
  }
  return component
}
