import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { stateOfFfmpeg } from '#server/compose/ffmpeg.ts'
import { environment } from '#server/config/environment.ts'
import { type Finding, fine, note, wrong } from './finding.ts'

const execute = promisify(execFile)
const needed = ['libx264', 'aac']
const helpful = ['libx265', 'libsvtav1', 'libopus']

/** FFmpeg is there, and can do what Matinee asks of it. */
export async function checkFfmpeg(program = 'ffmpeg', state = stateOfFfmpeg(environment.PATH)): Promise<Finding> {
  if (state === 'installing')
    return note(
      'ffmpeg',
      'is being installed, beside the first start: look again in a minute. Until then films wait that browsers do not play.',
    )
  let version: string
  let encoders: string
  try {
    version = (await execute(program, ['-hide_banner', '-version'])).stdout.split('\n')[0] ?? ''
    encoders = (await execute(program, ['-hide_banner', '-encoders'])).stdout
  } catch {
    return wrong(
      'ffmpeg',
      'is not there: only films that browsers already play will work. On Debian or Ubuntu: apt-get install ffmpeg. On a Mac: brew install ffmpeg.',
    )
  }
  const can = (name: string) => new RegExp(`\\s${name}\\s`).test(encoders)
  const missing = needed.filter((name) => !can(name))
  if (missing.length > 0) return wrong('ffmpeg', `${version} lacks ${missing.join(', ')}: install a full build.`)
  const extras = helpful.filter(can)
  const text = `${version.replace(/ Copyright.*/, '')} with ${[...needed, ...extras].join(', ')}`
  return extras.length < helpful.length ? note('ffmpeg', text) : fine('ffmpeg', text)
}
