/** What a body of multipart/form-data says, in the order in which it arrives. `bytes` are views of the chunk that brought them. */
export type FormEvent = { kind: 'part'; name: string; fileName: string | undefined } | { kind: 'bytes'; bytes: Buffer } | { kind: 'end' }

export class FormError extends Error {}

const maxHeaderBytes = 8192
const nothing = Buffer.alloc(0)
const firstSigns = Buffer.from('\r\n--')
const mostTries = 16

/** RFC 2046, 5.1.1: a boundary has 1 to 70 characters. Undefined: no multipart form. */
export function parseBoundary(contentType: string | undefined): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? '')) return undefined
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType ?? '')
  return found?.[1] ?? found?.[2]
}

/** Reads a form as it comes, cut anywhere; keeps of content never more than the length of a boundary. */
export class FormReader {
  readonly #delimiter: Buffer
  // RFC 2046: the line break before a boundary belongs to it; the first boundary stands at the beginning, as if after a line break.
  #kept: Buffer = Buffer.from('\r\n')
  #state: 'preamble' | 'boundary' | 'headers' | 'content' | 'over' = 'preamble'

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  }

  /** A form without its last boundary was cut off. */
  get isComplete(): boolean {
    return this.#state === 'over'
  }

  *push(chunk: Buffer): Generator<FormEvent> {
    let input = this.#kept.length > 0 ? Buffer.concat([this.#kept, chunk]) : chunk
    this.#kept = nothing
    while (input.length > 0 && this.#state !== 'over') {
      const rest: Buffer | undefined =
        this.#state === 'boundary'
          ? this.#boundary(input)
          : this.#state === 'headers'
            ? yield* this.#headers(input)
            : yield* this.#content(input)
      if (rest === undefined) return
      input = rest
    }
  }

  *#content(input: Buffer): Generator<FormEvent, Buffer | undefined> {
    const at = this.#find(input)
    const end = at >= 0 ? at : tailStart(input, this.#delimiter)
    const isContent = this.#state === 'content'
    if (isContent && end > 0) yield { kind: 'bytes', bytes: input.subarray(0, end) }
    if (at < 0) return this.#keep(input.subarray(end))
    if (isContent) yield { kind: 'end' }
    this.#state = 'boundary'
    return input.subarray(at + this.#delimiter.length)
  }

  /** By its first signs, which films hardly have: to look for all of it takes twice as long. Where they come again and again, it is looked for as a whole. */
  #find(input: Buffer): number {
    for (let at = input.indexOf(firstSigns), tries = 0; at >= 0; at = input.indexOf(firstSigns, at + 1)) {
      if (++tries > mostTries) return input.indexOf(this.#delimiter, at)
      if (input.compare(this.#delimiter, 0, this.#delimiter.length, at, Math.min(input.length, at + this.#delimiter.length)) === 0)
        return at
    }
    return -1
  }

  #boundary(input: Buffer): Buffer | undefined {
    if (input.length < 2) return this.#keep(input)
    const two = input.toString('latin1', 0, 2)
    if (two === '--') {
      this.#state = 'over'
      return nothing
    }
    if (two !== '\r\n') throw new FormError('A boundary of the form is followed by something else than a line break.')
    this.#state = 'headers'
    // The line break stays: a part without headers has nothing but the empty line.
    return input
  }

  *#headers(input: Buffer): Generator<FormEvent, Buffer | undefined> {
    const end = input.indexOf('\r\n\r\n')
    if ((end < 0 ? input.length : end) > maxHeaderBytes) throw new FormError('The headers of a part of the form are too long.')
    if (end < 0) return this.#keep(input)
    yield { kind: 'part', ...parseDisposition(input.toString('utf8', 0, end)) }
    this.#state = 'content'
    return input.subarray(end + 4)
  }

  #keep(input: Buffer): undefined {
    this.#kept = Buffer.from(input)
    return undefined
  }
}

/** Where the boundary may have begun: it holds one carriage return, its first sign. */
function tailStart(input: Buffer, delimiter: Buffer): number {
  const at = input.lastIndexOf(0x0d)
  if (at < 0 || input.length - at >= delimiter.length) return input.length
  return delimiter.subarray(0, input.length - at).equals(input.subarray(at)) ? at : input.length
}

/** RFC 7578, 4.2: each part has a Content-Disposition with a name, and a file perhaps a filename. */
function parseDisposition(headers: string): { name: string; fileName: string | undefined } {
  const line = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(headers)?.[1] ?? ''
  const value = (name: string) => {
    const found = new RegExp(`(?:^|;)\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]*))`, 'i').exec(line)
    return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2]
  }
  const name = value('name')
  if (name === undefined) throw new FormError('A part of the form has no name.')
  return { name, fileName: value('filename') }
}
