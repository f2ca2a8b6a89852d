export type Quality = {
  /** `auto`, a height in lines, or `original`. */
  id: string
  height: number
  rate: number
}

export type AudioTrack = { id: number; label: string; language: string }

/** How the picture comes about, for whoever looks under the bonnet. */
export type EngineFigures = { engine: string; bitRate: number; lineRate: number; codecs: string }

export type EngineFailure =
  | { kind: 'unreachable' }
  /** The house answered, with this. */
  | { kind: 'refused'; status: number }
  /** The film is there, but nothing of it is made yet. */
  | { kind: 'not yet' }
  /** It came, and the browser can not show it. */
  | { kind: 'unplayable' }

export type EngineEvents = { changed(): void; failed(failure: EngineFailure): void }

/** What brings a film into a `<video>`. Everything that the element itself can do is done there. */
export interface Engine {
  readonly qualities: readonly Quality[]
  /** What is shown now, where it is known. */
  readonly shown: Quality | undefined
  readonly audios: readonly AudioTrack[]
  readonly audio: number
  choose(quality: string): void
  chooseAudio(id: number): void
  /** Goes on after a failure of the line. */
  retry(): void
  figures(): EngineFigures
  close(): void
}

export type EngineParts = { video: HTMLVideoElement; url: string; startS: number; quality: string; isSaving: boolean; events: EngineEvents }
