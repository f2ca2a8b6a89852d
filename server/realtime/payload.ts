import { textFrame } from './frames.ts'

/** One frame for any number of receivers: framed once for every way it travels, however many they are. */
export class Payload {
  readonly text: string
  readonly #eventId: string | undefined
  #frame: Buffer | undefined
  #event: Buffer | undefined

  /** `eventId`: where a stream of server-sent events stands after this one. */
  constructor(text: string, eventId?: string) {
    this.text = text
    this.#eventId = eventId
  }

  static of(texts: readonly string[], eventId?: string): Payload {
    return new Payload(texts.length === 1 ? `${texts[0]}` : `[${texts.join(',')}]`, eventId)
  }

  get frame(): Buffer {
    this.#frame ??= textFrame(this.text)
    return this.#frame
  }

  get event(): Buffer {
    // JSON text holds no line ends, hence one data line.
    this.#event ??= Buffer.from(`${this.#eventId === undefined ? '' : `id: ${this.#eventId}\n`}data: ${this.text}\n\n`)
    return this.#event
  }
}
