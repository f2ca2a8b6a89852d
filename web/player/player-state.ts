import type { AudioTrack, Quality } from './engine/engine.ts'

/** Why there is no picture, as far as anybody knows. Each has a face of its own. */
export type Trouble =
  | { kind: 'offline' }
  | { kind: 'signed out' }
  | { kind: 'crowded'; text: string }
  | { kind: 'preparing' }
  | { kind: 'gone' }
  | { kind: 'broken' }

export type FullPicture = 'no' | 'window' | 'screen'

export type PlayerState = {
  /** Nothing has been shown yet: the poster stands. */
  isOpening: boolean
  isPaused: boolean
  isEnded: boolean
  /** Waits for data longer than an eye needs to notice. */
  isWaiting: boolean
  durationS: number
  volume: number
  isMuted: boolean
  rate: number
  qualities: readonly Quality[]
  /** As chosen: `auto`, a height, `original`. */
  quality: string
  /** What is shown at this moment. */
  shown: Quality | undefined
  audios: readonly AudioTrack[]
  audio: number
  isLooping: boolean
  loopFromS: number | undefined
  loopToS: number | undefined
  isMirrored: boolean
  isInPip: boolean
  isTheatre: boolean
  full: FullPicture
  isLocked: boolean
  /** The browser wants a touch first. */
  needsTouch: boolean
  /** It let us begin only in silence. */
  isHushed: boolean
  trouble: Trouble | undefined
  /** Goes on from where one was; until this is taken back or forgotten. */
  resumedFromS: number | undefined
  areFiguresShown: boolean
  isHelpShown: boolean
}

export const firstState: PlayerState = {
  isOpening: true,
  isPaused: true,
  isEnded: false,
  isWaiting: false,
  durationS: 0,
  volume: 1,
  isMuted: false,
  rate: 1,
  qualities: [],
  quality: 'auto',
  shown: undefined,
  audios: [],
  audio: -1,
  isLooping: false,
  loopFromS: undefined,
  loopToS: undefined,
  isMirrored: false,
  isInPip: false,
  isTheatre: false,
  full: 'no',
  isLocked: false,
  needsTouch: false,
  isHushed: false,
  trouble: undefined,
  resumedFromS: undefined,
  areFiguresShown: false,
  isHelpShown: false,
}
