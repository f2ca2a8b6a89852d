import { parseCues } from '../captions/cues.ts'

/** One small picture within a larger one. */
export type Still = { fromS: number; url: string; x: number; y: number; width: number; height: number }
export type Storyboard = readonly Still[]

/** Reads a storyboard; what is no picture of ours is left out. `base`: where it came from. */
export function parseStoryboard(text: string, base: string): Storyboard {
  return parseCues(text).flatMap(({ fromS, text: line }) => {
    const [, name = '', x, y, width, height] = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec(line.trim()) ?? []
    if (name === '' || !URL.canParse(name, base)) return []
    const url = new URL(name, base)
    if (url.origin !== new URL(base).origin) return []
    return [{ fromS, url: url.href, x: Number(x), y: Number(y), width: Number(width), height: Number(height) }]
  })
}

export function stillAt(storyboard: Storyboard, atS: number): Still | undefined {
  return storyboard.findLast(({ fromS }) => fromS <= atS) ?? storyboard[0]
}

/** Undefined where the film has none yet. */
export async function loadStoryboard(url: string, signal: AbortSignal): Promise<Storyboard | undefined> {
  const answer = await fetch(url, { signal })
  return answer.ok ? parseStoryboard(await answer.text(), new URL(url, location.href).href) : undefined
}
