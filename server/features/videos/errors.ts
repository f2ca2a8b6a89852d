import { Problem } from '#server/lib/problem.ts'

/** Not there, and not visible to the viewer: told the same. */
export const noSuchVideo = () => new Problem('not_found', 'video.not_found')
export const notLoggedIn = () => new Problem('unauthenticated', 'session.needed')
export const notYours = () => new Problem('forbidden', 'access.forbidden')
export const passwordWrong = () =>
  new Problem('forbidden', 'video.password_wrong', { fields: [{ path: 'password', code: 'video.password_wrong' }] })
export const hiddenByModerators = () => new Problem('forbidden', 'video.hidden')
export const wrongField = (path: string, code: string) => new Problem('invalid', 'http.wrong_fields', { fields: [{ path, code }] })
