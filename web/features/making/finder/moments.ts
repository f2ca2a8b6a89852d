/** `1:02:03.5`, `1:02`, `62.5`, also with a Chinese colon or a comma: milliseconds. Undefined where it is no time. */
export function parseTime(text: string): number | undefined {
  const plain = text.trim().replaceAll('：', ':').replace(',', '.')
  const [, hours = '0', minutes = '0', seconds] = /^(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5}(?:\.\d{1,3})?)$/.exec(plain) ?? []
  if (seconds === undefined) return undefined
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}

/** As people write it: 1:02:03.5 */
export function toTime(ms: number): string {
  const whole = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const part =
    ms % 1000 === 0
      ? ''
      : `.${String(Math.round(ms % 1000))
          .padStart(3, '0')
          .replace(/0+$/, '')}`
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}${part}` : `${minutes}:${two(whole % 60)}${part}`
}
