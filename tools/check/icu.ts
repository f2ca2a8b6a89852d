/** The arguments of an ICU message as `name:type`, sorted: what a text asks of its caller. Throws on what does not parse. */
export function argumentsOf(message: string): string[] {
  const found = new Set<string>()
  const end = readText(message, 0, found)
  if (end < message.length) throw new Error(`a } too many at ${end}`)
  return [...found].sort()
}

/** Reads until the closing brace of what it stands in, and answers where that is. */
function readText(text: string, from: number, found: Set<string>): number {
  let at = from
  while (at < text.length && text[at] !== '}') {
    if (text[at] === "'") at = afterQuote(text, at)
    else if (text[at] === '{') at = readArgument(text, at + 1, found)
    else at++
  }
  return at
}

/** `'{` opens a quotation, `''` is an apostrophe, and any other one is just itself. */
function afterQuote(text: string, at: number): number {
  if (text[at + 1] === "'") return at + 2
  if (!'{}#|<'.includes(text[at + 1] ?? ' ')) return at + 1
  const close = text.indexOf("'", at + 2)
  return close < 0 ? text.length : close + 1
}

function readArgument(text: string, from: number, found: Set<string>): number {
  const head = /^\s*([\w-]+)\s*(?:,\s*(\w+)\s*)?/.exec(text.slice(from))
  if (!head?.[1]) throw new Error(`no name after the { at ${from}`)
  const type = head[2] ?? 'value'
  found.add(`${head[1]}:${type}`)
  const at = from + head[0].length
  if (text[at] === '}') return at + 1
  if (text[at] !== ',') throw new Error(`no } for {${head[1]}`)
  return /^(plural|select|selectordinal)$/.test(type) ? readOptions(text, at + 1, head[1], found) : afterStyle(text, at, head[1])
}

function readOptions(text: string, from: number, name: string, found: Set<string>): number {
  const options: string[] = []
  let at = from
  for (;;) {
    const option = /^\s*(offset:\d+\s*)?(=\d+|[\w-]+)\s*\{/.exec(text.slice(at))
    if (!option) break
    options.push(option[2] ?? '')
    at = readText(text, at + option[0].length, found)
    if (text[at] !== '}') throw new Error(`no } in an option of {${name}`)
    at++
  }
  const end = /^\s*\}/.exec(text.slice(at))
  if (!end) throw new Error(`no } for {${name}`)
  if (!options.includes('other')) throw new Error(`{${name}} has no option "other"`)
  return at + end[0].length
}

function afterStyle(text: string, from: number, name: string): number {
  const end = text.indexOf('}', from)
  if (end < 0) throw new Error(`no } for {${name}`)
  return end + 1
}
