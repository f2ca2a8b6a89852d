/** A line for a person at a terminal: time, level, event, then the fields. */
export function toReadable(line: string): string {
  const { time, level, event, error, ...fields } = JSON.parse(line) as Record<string, unknown>
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' ? quote(value) : JSON.stringify(value)}`)
  const stack =
    typeof error === 'object' && error !== null && 'stack' in error ? `\n  ${clean(String(error.stack)).replaceAll('\n', '\n  ')}` : ''
  return `${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${clean(String(event))}${shown.length > 0 ? ` ${shown.join(' ')}` : ''}${stack}\n`
}

/** What came from outside must not move the cursor or paint the terminal. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '?')
}

function quote(text: string): string {
  return /^[^\s"=]+$/.test(text) ? clean(text) : JSON.stringify(text)
}
