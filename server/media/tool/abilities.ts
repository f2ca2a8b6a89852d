import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** What this FFmpeg says that it can. */
export type Abilities = { version: string } & Record<'encoders' | 'decoders' | 'filters' | 'muxers' | 'demuxers', ReadonlySet<string>>

/** Asks it, at the cost of six short starts. It opens no file. */
export async function abilitiesOf(path: string | undefined): Promise<Abilities> {
  const names = async (word: string) => namesIn(await ask(path, word))
  const [version, encoders, decoders, filters, muxers, demuxers] = await Promise.all([
    versionOf(path),
    names('-encoders'),
    names('-decoders'),
    names('-filters'),
    names('-muxers'),
    names('-demuxers'),
  ])
  return { version, encoders, decoders, filters, muxers, demuxers }
}

/** What its holes are judged by: two of the six. */
export async function readingOf(path: string | undefined): Promise<Pick<Abilities, 'version' | 'decoders'>> {
  const [version, decoders] = await Promise.all([versionOf(path), ask(path, '-decoders')])
  return { version, decoders: namesIn(decoders) }
}

async function versionOf(path: string | undefined): Promise<string> {
  return /^ffmpeg version (\S+)/.exec(await ask(path, '-version'))?.[1] ?? 'unknown'
}

async function ask(path: string | undefined, word: string): Promise<string> {
  return (await execute('ffmpeg', ['-hide_banner', word], { env: { PATH: path }, maxBuffer: 4 << 20, timeout: 20_000 })).stdout
}

/** A line of a list is marks, a name, and a sentence. */
function namesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^ +[A-Z.|]+ +(\S+)/gm)].map(([, name = '']) => name))
}
