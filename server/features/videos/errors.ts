import { Problem } from '#server/lib/problem.ts'

/** Not there, and not visible to the viewer: told the same. */
export const noSuchVideo = () => new Problem('not_found', 'video.not_found')
