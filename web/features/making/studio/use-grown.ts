import { useState } from 'react'
import type { Video } from '#shared/api/videos.ts'
import { useLive } from '#web/lib/live.ts'
import { useReadings } from '#web/lib/reading.ts'
import { states } from './api.ts'

type Growth = Pick<Video, 'state' | 'progress'>

/** Films as they were read, with what the line has told of them since. One that came into another state is read again. */
export function useGrown(username: string): (video: Video) => Video {
  const [grown, setGrown] = useState<ReadonlyMap<string, Growth>>(new Map())
  const { forget } = useReadings()
  useLive('video.grew', ({ id, state: told, cellsDone, cellsPlanned, secondsLeft }) => {
    const state = states.find((name) => name === told)
    if (!state) return
    if (grown.get(id)?.state !== state) void forget(`/user/${encodeURIComponent(username)}/videos`)
    setGrown(new Map(grown).set(id, { state, progress: { cellsDone, cellsPlanned, secondsLeft } }))
  })
  return (video) => ({ ...video, ...grown.get(video.id) })
}
