import { loudnessWords } from '../command/pictures.ts'
import { openRoom } from '../plan/make-plan.ts'
import type { AudioRow } from '../plan/plan.ts'
import { audioFrame, audioRate } from '../plan/plan.ts'
import { runLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'

/** How loud a sound is, by EBU R 128. */
export type Loudness = {
  /** LUFS over the whole film. */
  integrated: number
  /** How far quiet and loud parts lie apart, LU. */
  range: number
  /** The highest sample, dBFS. */
  peak: number
  /** What a player adds so that films are equally loud, dB: never so much that the highest sample is cut. */
  gainDb: number
}

const target = -16
const headroomDb = -1
const silence = -69
const caps = { leastDb: -24, mostDb: 12 }

/** In one pass over the sound. Undefined: there is nothing to hear, or it could not be decoded. */
export async function measureLoudness(
  seal: Seal,
  film: { source: string; row: AudioRow; isIdle?: boolean },
  signal: AbortSignal,
): Promise<Loudness | undefined> {
  await using room = await openRoom()
  const said = new Map<string, number>()
  const onLine = (line: string) => {
    const [key = '', value] = line.split('=')
    if (key.startsWith('lavfi.r128.')) said.set(key.slice(11), Number(value))
  }
  const limits = runLimits({ filmS: (film.row.frames * audioFrame) / audioRate, width: 640, height: 360, rows: 1 })
  const words = loudnessWords(film.row.stream)
  const end = await runTool(seal, {
    program: 'ffmpeg',
    words,
    folder: room.folder,
    source: film.source,
    limits,
    isIdle: film.isIdle ?? false,
    signal,
    onLine,
  })
  if (end.state === 'aborted') throw signal.reason
  return toLoudness(said)
}

function toLoudness(said: ReadonlyMap<string, number>): Loudness | undefined {
  const integrated = said.get('I')
  if (integrated === undefined || !(integrated > silence)) return undefined
  const peaks = [...said].filter(([key]) => key.startsWith('sample_peaks_ch')).map(([, value]) => 20 * Math.log10(value))
  const peak = Math.max(...peaks, -100)
  const wanted = Math.min(target - integrated, Math.max(0, headroomDb - peak))
  return {
    integrated,
    range: said.get('LRA') ?? 0,
    peak,
    gainDb: Math.round(Math.min(caps.mostDb, Math.max(caps.leastDb, wanted)) * 10) / 10,
  }
}
