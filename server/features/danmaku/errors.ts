import { Problem } from '#server/lib/problem.ts'

export const noSuchDanmaku = () => new Problem('not_found', 'danmaku.not_found')
export const danmakuOff = () => new Problem('forbidden', 'danmaku.off')
export const saidAlready = () => new Problem('conflict', 'danmaku.said_already')
export const notLoggedIn = () => new Problem('unauthenticated', 'session.needed')
export const wrongField = (path: string, code: string) => new Problem('invalid', 'http.wrong_fields', { fields: [{ path, code }] })
export const unreadableFile = () => new Problem('invalid', 'danmaku.unreadable')
export const fileTooLarge = (limit: number) => new Problem('too_large', 'danmaku.file_too_large', { params: { limit } })
