import { useState } from 'react'
import { useFrames } from '../use-frames.ts'
import { usePlayer } from '../use-player.ts'
import { type Cue, cuesAt } from './cues.ts'
import { useCaptions, useCues } from './use-captions.ts'

/** One or two tracks at once, as large and where the viewer wants them. Their own drawing, so that no browser's taste comes in between. */
export function CaptionsLayer() {
  const player = usePlayer()
  const { tracks, state } = useCaptions()
  const first = useCues(tracks.find(({ id }) => id === state.first))
  const second = useCues(tracks.find(({ id }) => id === state.second))
  const [shown, setShown] = useState<{ above: string; below: string }>({ above: '', below: '' })

  useFrames(
    () => {
      const atS = player.video.currentTime - state.delayMs / 1000
      const next = { above: textAt(first, atS), below: textAt(second, atS) }
      setShown((before) => (before.above === next.above && before.below === next.below ? before : next))
    },
    state.first !== undefined || state.second !== undefined,
  )

  if (state.first === undefined && state.second === undefined) return null
  if (shown.above === '' && shown.below === '') return null
  return (
    <div className="captions" data-size={state.size} data-place={state.place} data-ground={state.hasGround || undefined}>
      {shown.above ? <p className="captions-line">{shown.above}</p> : null}
      {shown.below ? <p className="captions-line captions-second">{shown.below}</p> : null}
    </div>
  )
}

function textAt(cues: readonly Cue[], atS: number): string {
  return cuesAt(cues, atS)
    .map(({ text }) => text)
    .join('\n')
}
