import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { atMatinee, Upload, UploadFailure, type UploadParts } from '#uploader/index.ts'
import { fromPath, memoryInFolder, nodeHashes } from '#uploader/node.ts'
import { readOptions } from './options.ts'
import { progressLine } from './upload/progress-line.ts'
import { createSignIn } from './upload/sign-in.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const upload: Verb = {
  help: `
matinee upload FILE… [--to URL] [--user NAME] [OPTIONS]

Sends films to a Matinee, each as a draft of its own. A broken line, a sleeping laptop or a server that restarts is waited out; after
Ctrl-C or a crash the same command goes on where it was, also from another machine. Ends with 0 when every file has arrived, verified.

  --to URL            where the Matinee is (http://localhost:8080; MATINEE_TO)
  --user NAME         who uploads (MATINEE_USER)
  --password PW       better in MATINEE_PASSWORD, or typed when asked: other programs can read this line
  --code DIGITS       of the second factor, where there is one
  --json              one line of JSON a file on standard output: vid, taskId, file, size, state, and why where it failed`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { values, positionals: paths } = readOptions(argv, terminal, {
    to: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string' },
    code: { type: 'string' },
    json: { type: 'boolean' },
  })
  if (paths.length === 0) throw new UsageError('Name the files to send.')
  const to = addressOf(text(values.to) ?? terminal.environment.MATINEE_TO ?? 'http://localhost:8080')
  const user = text(values.user) ?? terminal.environment.MATINEE_USER
  if (user === undefined) throw new UsageError('Say who uploads: --user NAME.')
  const password = text(values.password) ?? terminal.environment.MATINEE_PASSWORD ?? (await askPassword(user, terminal))
  const signIn = createSignIn({ to, user, password, code: text(values.code) })
  const parts: UploadParts = {
    ...atMatinee({ origin: to, ...signIn }),
    memory: memoryInFolder(memoryFolder(to, user, terminal)),
    hashes: nodeHashes,
  }
  let failures = 0
  for (const path of paths) {
    if (terminal.signal.aborted) break
    const isSent = await sendOne({ path, parts, terminal, isJson: values.json === true })
    if (!isSent) failures++
  }
  if (!terminal.signal.aborted) return failures === 0 ? 0 : 1
  terminal.err('Stopped. The same command goes on from here.\n')
  return 130
}

async function askPassword(user: string, terminal: Terminal): Promise<string> {
  if (!terminal.isInteractive) throw new UsageError('There is nobody to ask for the password: set MATINEE_PASSWORD.')
  const { askHidden } = await import('./upload/hidden-prompt.ts')
  return await askHidden(`Password of ${user}: `, terminal.signal)
}

type One = { path: string; parts: UploadParts; terminal: Terminal; isJson: boolean }

async function sendOne({ path, parts, terminal, isJson }: One): Promise<boolean> {
  try {
    await using source = await fromPath(path)
    const sent = new Upload(source, parts)
    using _line = showProgress(sent, terminal)
    const stop = () => void sent.pause()
    terminal.signal.addEventListener('abort', stop, { once: true })
    await sent.start()
    terminal.signal.removeEventListener('abort', stop)
    // Paused by the signal or by the person elsewhere: nothing is lost, and it has not arrived.
    const { state } = sent.state
    if (isJson) terminal.out(`${JSON.stringify({ ...factsOf(sent), file: path, size: source.size, state, ...whyOf(sent) })}\n`)
    if (sent.state.state === 'failed') terminal.err(`${path}: ${wordsOf(sent.state.reason)}\n`)
    return state === 'done'
  } catch (error) {
    if (isJson) terminal.out(`${JSON.stringify({ vid: null, taskId: null, file: path, state: 'failed', why: wordsOf(error) })}\n`)
    terminal.err(`${path}: ${wordsOf(error)}\n`)
    return false
  }
}

function factsOf({ opened }: Upload) {
  return { vid: opened?.extra?.['videoId'] ?? null, taskId: opened?.task.taskId ?? null }
}

function whyOf({ state }: Upload) {
  return state.state === 'failed' ? { why: wordsOf(state.reason) } : {}
}

/** A line that is written over where somebody looks; a line a stage otherwise. */
function showProgress(sent: Upload, terminal: Terminal): Disposable {
  const { name, size } = sent.source
  let shown = ''
  const show = () => {
    const line = terminal.isInteractive
      ? progressLine(sent.state, name, size, process.stderr.columns || 80)
      : `${sent.state.state}  ${name}`
    if (line === shown) return
    shown = line
    terminal.err(terminal.isInteractive ? `\r\u001b[2K${line}` : `${line}\n`)
  }
  const leave = sent.onChange(show)
  return {
    [Symbol.dispose]() {
      leave()
      if (terminal.isInteractive) terminal.err('\n')
    },
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof UploadFailure && error.kind === 'changed')
    return 'This is no longer the file that was begun. Restore it, or cancel that upload.'
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'There is no such file.'
  return error instanceof Error ? error.message : String(error)
}

function addressOf(address: string): string {
  const url = URL.parse(address)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`${address} is no address such as https://films.example.`)
  return url.origin
}

/** What was begun for one person at one Matinee is nobody else's. */
function memoryFolder(to: string, user: string, { environment }: Terminal): string {
  const state = environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state')
  return join(state, 'matinee', 'uploads', createHash('sha256').update(`${to} ${user}`).digest('hex').slice(0, 16))
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
