import { createContext, useCallback, useContext, useEffect, useState } from 'react'
import { keep, readKept } from '../habits.ts'
import { type Cue, parseCues } from './cues.ts'
import { type CaptionHabits, type CaptionState, firstCaptions, type SubtitleTrack, usualCaptions } from './tracks.ts'

const key = 'matinee-subtitles'

export type Captions = {
  tracks: readonly SubtitleTrack[]
  state: CaptionState
  change(part: Partial<CaptionState>): void
  /** Shows the track chosen last, or none. */
  toggle(): void
}

const Context = createContext<Captions | undefined>(undefined)
export const CaptionsProvider = Context.Provider

export function useCaptions(): Captions {
  const captions = useContext(Context)
  if (!captions) throw new Error('There are no subtitles here.')
  return captions
}

export function useCaptionState(tracks: readonly SubtitleTrack[]): Captions {
  const [state, setState] = useState<CaptionState>(() => firstCaptions(tracks, readHabits()))
  // The tracks may come later than the film.
  useEffect(() => {
    setState((before) => ({ ...before, ...firstCaptions(tracks, readHabits()), delayMs: before.delayMs }))
  }, [tracks])

  const change = useCallback(
    (part: Partial<CaptionState>) => {
      setState((before) => {
        const next = { ...before, ...part }
        keepHabits(next, tracks)
        return next
      })
    },
    [tracks],
  )
  const toggle = useCallback(() => {
    setState((before) => {
      if (before.first !== undefined) return { ...before, first: undefined, second: undefined }
      const liked = firstCaptions(tracks, readHabits())
      return { ...before, first: liked.first ?? tracks[0]?.id, second: liked.second }
    })
  }, [tracks])
  return { tracks, state, change, toggle }
}

function readHabits(): CaptionHabits {
  return { ...usualCaptions, ...readKept(key) }
}

/** Languages are kept rather than tracks: the next film has other tracks. Who turns subtitles off for a moment keeps the languages. */
function keepHabits({ first, second, size, place, hasGround }: CaptionState, tracks: readonly SubtitleTrack[]): void {
  const languages = [first, second].flatMap((id) => tracks.find((track) => track.id === id)?.language ?? [])
  keep(key, { size, place, hasGround, languages })
}

const loaded = new Map<string, Promise<Cue[]>>()

/** The cues of a track, loaded once it is wanted. */
export function useCues(track: SubtitleTrack | undefined): readonly Cue[] {
  const [cues, setCues] = useState<readonly Cue[]>([])
  const url = track?.url
  useEffect(() => {
    setCues([])
    if (url === undefined) return
    let isWanted = true
    void loadCues(url).then((found) => isWanted && setCues(found))
    return () => {
      isWanted = false
    }
  }, [url])
  return cues
}

function loadCues(url: string): Promise<Cue[]> {
  const known = loaded.get(url)
  if (known) return known
  const loading = fetch(url)
    .then(async (answer) => {
      if (!answer.ok) throw new Error(`The subtitles answered ${answer.status}.`)
      return parseCues(await answer.text())
    })
    .catch(() => {
      loaded.delete(url)
      return []
    })
  loaded.set(url, loading)
  return loading
}
