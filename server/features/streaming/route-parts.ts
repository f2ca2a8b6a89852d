import { Type } from 'typebox'

export const area = 'Streaming'
export const access = { action: 'video.see' } as const
export const vid = Type.String({ pattern: '^[\\w-]{1,64}$' })
export const generation = Type.Integer({ minimum: 1 })
export const playlistType = 'application/vnd.apple.mpegurl'
