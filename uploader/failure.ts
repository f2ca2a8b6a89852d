/**
 * Why an upload cannot go on by itself. `gone`: the server no longer knows the task, or it was cancelled. `changed`: the file is no
 * longer the one that was begun. `refused`: the server says no, in the words of `message`. `paused`: somebody paused it elsewhere.
 */
export type FailureKind = 'gone' | 'changed' | 'refused' | 'paused' | 'lost'

export class UploadFailure extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, words: string, options?: ErrorOptions) {
    super(words, options)
    this.name = 'UploadFailure'
    this.kind = kind
  }
}

/** What holds it up for now: the `line`, a server that is `busy`, or one that is `full`. `words` are the server's or our own. */
export type Trouble = { kind: 'line' | 'busy' | 'full'; words: string }

type BrokeOptions = ErrorOptions & { kind?: Trouble['kind']; retryAfterMs?: number | undefined }

/** A request that may be made again: the line broke, or the server was busy. */
export class LineBroke extends Error {
  readonly kind: Trouble['kind']
  readonly retryAfterMs: number | undefined

  constructor(why: string, options: BrokeOptions = {}) {
    super(why, options)
    this.name = 'LineBroke'
    this.kind = options.kind ?? 'line'
    this.retryAfterMs = options.retryAfterMs
  }

  get trouble(): Trouble {
    return { kind: this.kind, words: this.message }
  }
}
