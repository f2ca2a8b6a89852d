import { spawn } from 'node:child_process'
import type { SeedFilm } from './films.ts'

/** A few seconds that every browser plays as they are, drawn and played by FFmpeg itself. */
export async function makeFilm({ picture, sound, seconds }: SeedFilm, path: string, signal: AbortSignal): Promise<void> {
  const tones = sound.flatMap((hertz) => ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=48000`])
  const chord = `${sound.map((_, n) => `[${n + 1}:a]`).join('')}amix=inputs=${sound.length},volume=0.12,tremolo=f=0.4:d=0.5,afade=d=1,afade=t=out:st=${seconds - 2}:d=2[a]`
  const frame = `[0:v]vignette=PI/5,fade=t=out:st=${seconds - 1}:d=1,format=yuv420p[v]`
  const words = [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', picture, ...tones, '-filter_complex', `${frame};${chord}`],
    ...['-map', '[v]', '-map', '[a]', '-t', String(seconds), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-g', '48'],
    ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-movflags', '+faststart', '-y', path],
  ]
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn('ffmpeg', words, { stdio: ['ignore', 'ignore', 'pipe'], signal })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text
  })
  child.on('error', reject)
  child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}: ${said.slice(0, 300)}`))))
  await promise
}
