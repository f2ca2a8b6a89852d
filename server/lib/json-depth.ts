const quote = 0x22
const backslash = 0x5c

/** Whether the brackets of a JSON text nest deeper than `most`, found without building anything. Brackets within strings do not count. */
export function isDeeperThan(most: number, text: string): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isString) {
      if (code === backslash) at++
      else if (code === quote) isString = false
      continue
    }
    if (code === quote) isString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > most) return true
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return false
}
