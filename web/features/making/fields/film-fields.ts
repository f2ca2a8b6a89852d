import type { ChangeVideoBody } from '#shared/api/videos.ts'

export const visibilities = ['public', 'members', 'unlisted', 'private', 'password'] as const
export type Visibility = (typeof visibilities)[number]

/** What its maker says of a film, as it stands in the fields. */
export type FilmFields = { title: string; description: string; tags: readonly string[]; visibility: Visibility; password: string }
export type FieldName = keyof FilmFields

export const mostTags = 20
export const longestTag = 50

/** A new film is its maker's alone until they say otherwise. */
export function newFields(fileName: string): FilmFields {
  return { title: titleOf(fileName), description: '', tags: [], visibility: 'private', password: '' }
}

/** `The.Long.Road_2024.mkv` is called The Long Road 2024. */
function titleOf(fileName: string): string {
  const bare = fileName.replace(/\.[^.]{1,5}$/, '')
  const words = /\s/.test(bare) ? bare : bare.replace(/[._]+/g, ' ')
  return [...words.trim()].slice(0, 200).join('') || fileName
}

/**
 * What is to be sent of the fields that have changed. A title that was emptied stays what it was; a film gets a password together with
 * being hidden behind it.
 */
export function toChange(fields: FilmFields, changed: ReadonlySet<FieldName>, hasPassword: boolean): ChangeVideoBody {
  const { title, description, tags, visibility, password } = fields
  const isHiddenYet = visibility === 'password' && password === '' && !hasPassword
  return {
    ...(changed.has('title') && title.trim() !== '' ? { title: title.trim() } : {}),
    ...(changed.has('description') ? { description } : {}),
    ...(changed.has('tags') ? { tags: [...tags] } : {}),
    ...(changed.has('visibility') && !isHiddenYet ? { visibility } : {}),
    ...(changed.has('password') && visibility === 'password' && password !== '' ? { password } : {}),
  }
}

/** The tags that a text holds: Chinese and Latin commas part them, a # is no part of them, none comes twice. */
export function addTags(tags: readonly string[], text: string): string[] {
  const found = text
    .split(/[,，、\n\t]+/)
    .map((tag) => [...tag.trim().replace(/^#+/, '').trim()].slice(0, longestTag).join(''))
    .filter((tag) => tag !== '')
  const all = [...tags]
  for (const tag of found) if (!all.some((known) => known.toLowerCase() === tag.toLowerCase())) all.push(tag)
  return all.slice(0, mostTags)
}
