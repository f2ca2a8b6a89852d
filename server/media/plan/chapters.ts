import { escapeText } from '../subtitles/cue.ts'
import { toWebVtt } from '../subtitles/read-subtitles.ts'
import type { Plan } from './plan.ts'
import type { Probe } from './probe.ts'

export type Chapter = { startMs: number; endMs: number; title: string }

/** The chapters that a file names, on the film's own time, in order and without holes; none where they say nothing. */
export function chaptersOf(probe: Pick<Probe, 'chapters' | 'start'>, plan: Pick<Plan, 'durationMs' | 'origin'>): Chapter[] {
  const shiftS = Number(probe.start) - Number(plan.origin)
  const named = probe.chapters
    .map(({ startS, title }) => ({
      startMs: Math.max(0, Math.round((startS + shiftS) * 1000)),
      title: title.replaceAll(/\p{Cc}+/gu, ' ').trim(),
    }))
    .filter(({ startMs }) => startMs < plan.durationMs)
    .sort((a, b) => a.startMs - b.startMs)
    .filter(({ startMs }, place, all) => place === 0 || startMs > (all[place - 1]?.startMs ?? 0))
  if (named.length < 2) return []
  return named.map(({ startMs, title }, place) => ({ startMs, endMs: named[place + 1]?.startMs ?? plan.durationMs, title }))
}

/** For players: one cue a chapter. */
export const chaptersTrack = (chapters: readonly Chapter[]): string =>
  toWebVtt(chapters.map(({ startMs, endMs, title }) => ({ startMs, endMs, text: escapeText(title) || '-' })))
