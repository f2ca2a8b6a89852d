/** What one has to know about characters to find them however they are typed. Tables of a few megabytes: loaded when first needed, once a process. */
export type Chinese = {
  /** Traditional characters as their simplified ones, one by one, so that both spellings of a text become the same. */
  simplify(text: string): string
  /** Every way a character is read, without tones, `v` for ü: none where it is no Chinese character. */
  readings(character: string): readonly string[]
}

let opened: Promise<Chinese> | undefined

export function openChinese(): Promise<Chinese> {
  opened ??= load()
  return opened
}

async function load(): Promise<Chinese> {
  const [{ pinyin }, loaded] = await Promise.all([import('pinyin-pro'), import('opencc-js/t2cn') as Promise<unknown>])
  // Its own types do not name what this part of it exports.
  const opencc = loaded as { Converter(way: { from: 'tw'; to: 'cn' }): (text: string) => string }
  const convert = opencc.Converter({ from: 'tw', to: 'cn' })
  const simple = new Map<string, string>()
  const read = new Map<string, readonly string[]>()
  const none: readonly string[] = []

  const simplifyOne = (character: string): string => {
    const known = simple.get(character)
    if (known !== undefined) return known
    const converted = convert(character)
    // A character stays one character, or places in the text would move.
    const made = [...converted].length === 1 ? converted : character
    simple.set(character, made)
    return made
  }

  return {
    simplify: (text) => (/\p{Script=Han}/u.test(text) ? text.replace(/\p{Script=Han}/gu, simplifyOne) : text),
    readings(character) {
      const known = read.get(character)
      if (known !== undefined) return known
      if (!/^\p{Script=Han}$/u.test(character)) return none
      const all = pinyin(character, { toneType: 'none', type: 'array', multiple: true, v: true }).filter((one) => /^[a-zü]+$/.test(one))
      const made = [...new Set(all.flatMap(spellings))]
      read.set(character, made)
      return made
    },
  }
}

/** ü has no key: people write `v`, and where it cannot be mistaken `u`. */
function spellings(reading: string): string[] {
  const typed = reading.replaceAll('ü', 'v')
  return typed.includes('v') ? [typed, typed.replaceAll('v', 'u')] : [typed]
}
