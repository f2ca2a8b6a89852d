import { Problem } from '#server/lib/problem.ts'

export const notLoggedIn = () => new Problem('unauthenticated', 'session.needed')
export const noSuchCase = () => new Problem('not_found', 'moderation.no_case')
export const decidedAlready = () => new Problem('conflict', 'moderation.decided')
export const personStays = () => new Problem('invalid', 'moderation.person_stays')
export const notOneself = () => new Problem('invalid', 'moderation.oneself')
export const noSuchComment = () => new Problem('not_found', 'comment.not_found')
export const noSuchDanmaku = () => new Problem('not_found', 'danmaku.not_found')
export const untilPast = () => new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'until', code: 'moderation.until_past' }] })
