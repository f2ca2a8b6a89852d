import type { Video } from '#shared/api/videos.ts'

/** What stands on each line; empty ones are none. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** One person a line, and after a dash or a colon what they did: `Mei Lin – director`. */
export function fromLines(text: string): Video['cast'] {
  return linesOf(text).map((line) => {
    const [, name = line, part = ''] = /^(.+?)(?:\s+[-–—]+\s+|\s*[:：—]\s*)(.+)$/.exec(line) ?? []
    return { name: name.trim(), part: part.trim() }
  })
}

export const toLines = (cast: Video['cast']): string => cast.map(({ name, part }) => (part === '' ? name : `${name} – ${part}`)).join('\n')
