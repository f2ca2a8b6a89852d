const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
]
// RFC 1321, 3.4: the integer part of 4294967296 times abs(sin(i + 1)).
const constants = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0)
const turns = Int32Array.from({ length: 64 }, (_, i) => shifts[i >> 4]?.[i & 3] ?? 0)
const places = Int32Array.from({ length: 64 }, (_, i) => [i, 5 * i + 1, 3 * i + 5, 7 * i].map((place) => place & 15)[i >> 4] ?? 0)

/** MD5 (RFC 1321) over bytes that come piece by piece: browsers have none of their own. */
export class Md5 {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  readonly #rest = new Uint8Array(64)
  #length = 0

  update(bytes: Uint8Array): this {
    let at = 0
    const held = this.#length & 63
    this.#length += bytes.byteLength
    if (held > 0) {
      at = Math.min(64 - held, bytes.byteLength)
      this.#rest.set(bytes.subarray(0, at), held)
      if (held + at < 64) return this
      turn(this.#state, this.#rest, 0)
    }
    for (; at + 64 <= bytes.byteLength; at += 64) turn(this.#state, bytes, at)
    this.#rest.set(bytes.subarray(at))
    return this
  }

  /** The digest in 32 hex digits. Nothing can be added afterwards. */
  hex(): string {
    const length = this.#length
    const end = new Uint8Array(64 - ((length + 8) & 63) + 8)
    end[0] = 0x80
    const view = new DataView(end.buffer)
    view.setUint32(end.length - 8, (length * 8) >>> 0, true)
    view.setUint32(end.length - 4, Math.floor(length / 2 ** 29), true)
    this.update(end)
    return [...new Uint8Array(this.#state.buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}

function turn(state: Int32Array, bytes: Uint8Array, at: number): void {
  const words = new DataView(bytes.buffer, bytes.byteOffset + at, 64)
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (let i = 0; i < 64; i++) {
    const mixed = i < 16 ? (b & c) | (~b & d) : i < 32 ? (d & b) | (~d & c) : i < 48 ? b ^ c ^ d : c ^ (b | ~d)
    const sum = (a + mixed + (constants[i] ?? 0) + words.getInt32((places[i] ?? 0) * 4, true)) | 0
    const by = turns[i] ?? 0
    a = d
    d = c
    c = b
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0
  }
  state.set([(state[0] ?? 0) + a, (state[1] ?? 0) + b, (state[2] ?? 0) + c, (state[3] ?? 0) + d])
}
