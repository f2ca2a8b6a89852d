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

/** A request that may be made again: the line broke, or the server was busy. */
export class LineBroke extends Error {
  readonly retryAfterMs: number | undefined

  constructor(why: string, options: ErrorOptions & { retryAfterMs?: number | undefined } = {}) {
    super(why, options)
    this.name = 'LineBroke'
    this.retryAfterMs = options.retryAfterMs
  }
}
