import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** A key with a name, so that what it sealed tells by which key it opens. */
export type NamedKey = { id: string; key: Uint8Array }

export type Secrets = {
  /** Signs session tokens. */
  session: Uint8Array
  /** Signs addresses of media, forms and cursors. */
  sign: Uint8Array
  /** Seals second factors, tokens and credentials at rest; the first seals, any opens. */
  seal: readonly [NamedKey, ...NamedKey[]]
}

type SecretsFile = { session: string; sign: string; seal: { id: string; key: string }[] }

/**
 * The keys of this cinema, kept apart from the database: made at the first start, readable by its owner alone.
 * Several machines need the same file.
 */
export function openSecrets(file: string): Secrets {
  if (!existsSync(file)) create(file)
  const mode = statSync(file).mode & 0o077
  if (mode !== 0) chmodSync(file, 0o600)
  return parse(file, readFileSync(file, 'utf8'))
}

/** Adds a new sealing key in front; what was sealed before still opens, and is sealed anew when it is next written. */
export function changeSealKey(file: string): Secrets {
  const content = JSON.parse(readFileSync(file, 'utf8')) as SecretsFile
  writeWhole(file, { ...content, seal: [newSealKey(), ...content.seal] })
  return openSecrets(file)
}

/** Leaves the newest sealing key alone: nothing that an older one sealed opens any more. Answers how many went. */
export function forgetOldSealKeys(file: string): number {
  const content = JSON.parse(readFileSync(file, 'utf8')) as SecretsFile
  const [newest, ...old] = content.seal
  if (newest && old.length > 0) writeWhole(file, { ...content, seal: [newest] })
  return old.length
}

function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const content = { session: newKey(), sign: newKey(), seal: [newSealKey()] }
  const aside = `${file}.${process.pid}.new`
  writeAside(aside, content)
  try {
    // Two processes that start at once agree on one file: a link is made once.
    linkSync(aside, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(aside, { force: true })
  }
  syncFolder(dirname(file))
}

function writeWhole(file: string, content: SecretsFile): void {
  const aside = `${file}.${process.pid}.new`
  writeAside(aside, content)
  renameSync(aside, file)
  syncFolder(dirname(file))
}

function writeAside(aside: string, content: SecretsFile): void {
  const handle = openSync(aside, 'w', 0o600)
  writeSync(handle, `${JSON.stringify(content, null, 2)}\n`)
  fsyncSync(handle)
  closeSync(handle)
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

const newKey = () => randomBytes(32).toString('base64url')
const newSealKey = () => ({ id: randomBytes(4).toString('hex'), key: newKey() })

function parse(file: string, source: string): Secrets {
  const wrong = () =>
    new Error(
      `${file} is not a file of keys. Put back the one that belongs to this database, or remove it to make new keys (everybody must sign in again, second factors must be set up again).`,
    )
  let content: Partial<SecretsFile>
  try {
    content = JSON.parse(source) as Partial<SecretsFile>
  } catch {
    throw wrong()
  }
  const key = (text: unknown) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0)
    if (bytes.length !== 32) throw wrong()
    return new Uint8Array(bytes)
  }
  const [first, ...rest] = (content.seal ?? []).map(({ id, key: text }) => ({ id, key: key(text) }))
  if (!first) throw wrong()
  return { session: key(content.session), sign: key(content.sign), seal: [first, ...rest] }
}
