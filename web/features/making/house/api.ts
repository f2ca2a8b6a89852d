import type { AdminFilm, AdminFilmPage } from '#shared/api/curation.ts'
import { type Reading, reading } from '#web/lib/reading.ts'
import { pathOfAll } from '../studio/api.ts'

export const sorts = ['old', 'views'] as const
export const kinds = ['featured', 'hidden', 'twin'] as const
const filters = ['q', 'owner', 'state', 'visibility', 'is', 'sort']

/** What the address of the page asks for, under the names of the API. */
export function allFilms(search: URLSearchParams): Reading<AdminFilmPage> {
  const asked = [...search].flatMap(([name, value]) => (filters.includes(name) && value.trim() !== '' ? [[name, value.trim()]] : []))
  return reading(asked.length === 0 ? '/admin/films' : `/admin/films?${new URLSearchParams(asked)}`)
}

export const houseOf = ({ id }: Pick<AdminFilm, 'id'>) => `/admin/films/${id}`
/** Where its owner changes it: those who look after all films change it there too. */
export const ownOf = ({ id, owner }: Pick<AdminFilm, 'id' | 'owner'>) => `${pathOfAll(owner.username)}/${id}`
export const hiddenOf = ({ id }: Pick<AdminFilm, 'id'>) => `/moderation/videos/${id}/hidden`
export const editorOf = ({ id, owner }: Pick<AdminFilm, 'id' | 'owner'>) => `/studio/${id}?of=${encodeURIComponent(owner.username)}`
