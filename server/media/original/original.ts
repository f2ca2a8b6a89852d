/** A row that is cut out of the original without encoding. */
export type OriginalRow = {
  name: string
  /** Its stream in the file, as FFmpeg counts them. */
  stream: number
  codec: string
  /** Every browser plays it; else the player must ask its own. */
  isUniversal: boolean
  language: string
  width: number
  height: number
  /** Pictures a second, as they come on average. */
  rate: number
  /** The most that a segment takes, and what all take, bits a second. */
  bandwidth: number
  averageBandwidth: number
  /** Seconds of each segment. */
  lengths: number[]
}

export type Original = {
  durationS: number
  picture: OriginalRow | undefined
  sounds: OriginalRow[]
  /** There is sound in the file that can not be cut out of it. */
  hasOtherSounds: boolean
  /** Undefined: there is no such row. */
  init(row: string): Uint8Array | undefined
  segment(row: string, number: number): Promise<Uint8Array | undefined>
}
