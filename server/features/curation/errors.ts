import { Problem } from '#server/lib/problem.ts'

export const noSuchFilm = () => new Problem('not_found', 'video.not_found')
export const changedMeanwhile = () => new Problem('conflict', 'admin.changed_meanwhile')
export const withItself = () => new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'into', code: 'curation.with_itself' }] })
export const noOtherFilm = () => new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'into', code: 'video.not_found' }] })
export const noSuchPerson = () => new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'to', code: 'user.not_found' }] })
