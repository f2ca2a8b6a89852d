import { Problem } from '#server/lib/problem.ts'

export const notThere = () => new Problem('not_found', 'video.not_found')
export const notYet = () => new Problem('unavailable', 'stream.not_yet', { retryAfterMs: 1000 })
export const tooMany = () => new Problem('limited', 'stream.too_many', { retryAfterMs: 5000 })
/** The others are named, so that one knows which to end. */
export const tooManyOfOne = (devices: readonly string[]) =>
  new Problem('limited', 'stream.too_many_of_one', { retryAfterMs: 5000, params: { count: devices.length, devices: devices.join(', ') } })
export const endedElsewhere = () => new Problem('limited', 'stream.ended_elsewhere', { retryAfterMs: 60_000 })
export const noSeat = () => new Problem('not_found', 'stream.no_seat')
export const passInvalid = () => new Problem('forbidden', 'stream.pass_invalid')
/** What its owner's camera wrote into it can not be told from the film in this container. */
export const notForOthers = () => new Problem('forbidden', 'stream.not_for_others')
