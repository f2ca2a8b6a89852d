export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'big5' | 'windows-1252'

/** Text of a file that does not say how it is written, as those of subtitles never do. */
export function decodeText(bytes: Uint8Array): { text: string; charset: Charset } {
  const charset = charsetOf(bytes)
  return { charset, text: new TextDecoder(charset).decode(bytes).replace(/\r\n?/g, '\n') }
}

function charsetOf(bytes: Uint8Array): Charset {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const wide = wideCharset(bytes.subarray(0, 4096))
  if (wide) return wide
  if (tryDecode('utf-8', bytes) !== undefined) return 'utf-8'
  const sample = bytes.subarray(0, 65_536)
  const [best] = (['gb18030', 'big5'] as const)
    .map((charset) => ({ charset, share: commonShare(new TextDecoder(charset).decode(sample)) }))
    .toSorted((a, b) => b.share - a.share)
  return best && best.share > 0.02 ? best.charset : 'windows-1252'
}

/** Without a mark at its beginning, text in two bytes shows itself by its times: their digits have a zero in every other byte. */
function wideCharset(sample: Uint8Array): Charset | undefined {
  const zeros = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const enough = sample.length / 16
  if (odd > enough && odd > even * 4) return 'utf-16le'
  return even > enough && even > odd * 4 ? 'utf-16be' : undefined
}

function tryDecode(charset: Charset, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The words that no Chinese text does without, in both scripts; read by the wrong table they become rare ones. */
const common = new Set('的一是不了我你他她在有这這那個个们們来來说說就到要去会會好没沒什么麼吗嗎为為看得过過很知道想能可以上下人大中国國')

function commonShare(text: string): number {
  const letters = [...text].filter((letter) => (letter.codePointAt(0) ?? 0) > 0x7f)
  const bad = letters.filter((letter) => letter === '\ufffd').length
  const known = letters.filter((letter) => common.has(letter)).length
  return letters.length === 0 ? 0 : (known - bad * 4) / letters.length
}
