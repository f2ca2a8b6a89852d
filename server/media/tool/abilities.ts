import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** What this FFmpeg says that it can. */
export type Abilities = { version: string } & Record<'encoders' | 'decoders' | 'filters' | 'muxers' | 'demuxers', ReadonlySet<string>>

/** Asks it, at the cost of six short starts. It opens no file. */
export async function abilitiesOf(path: string | undefined): Promise<Abilities> {
  const ask = async (word: string) =>
    (await execute('ffmpeg', ['-hide_banner', word], { env: { PATH: path }, maxBuffer: 4 << 20, timeout: 20_000 })).stdout
  // A line of a list is marks, a name, and a sentence.
  const names = (text: string) => new Set([...text.matchAll(/^ +[A-Z.|]+ +(\S+)/gm)].map(([, name = '']) => name))
  const [version = '', encoders = '', decoders = '', filters = '', muxers = '', demuxers = ''] = await Promise.all(
    ['-version', '-encoders', '-decoders', '-filters', '-muxers', '-demuxers'].map(ask),
  )
  return {
    version: /^ffmpeg version (\S+)/.exec(version)?.[1] ?? 'unknown',
    encoders: names(encoders),
    decoders: names(decoders),
    filters: names(filters),
    muxers: names(muxers),
    demuxers: names(demuxers),
  }
}
