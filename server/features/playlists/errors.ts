import { Problem } from '#server/lib/problem.ts'

export const notLoggedIn = () => new Problem('unauthenticated', 'session.needed')
export const noSuchPlaylist = () => new Problem('not_found', 'playlist.not_found')
export const noSuchItem = () => new Problem('not_found', 'playlist.no_item')
export const tooMany = (most: number) => new Problem('conflict', 'playlist.too_many', { params: { most } })
export const notYourFilm = () => new Problem('forbidden', 'playlist.not_your_film')
export const titleEmpty = () => new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'title', code: 'video.title_empty' }] })
export const noSuchNeighbour = () => new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'after', code: 'playlist.no_item' }] })
