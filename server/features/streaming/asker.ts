import type { Viewer } from '#server/lib/viewer.ts'

/** Who asks, with what their browser shows for films that have a password. */
export type Asker = { viewer: Viewer; cookie: string | undefined; agent: string }

export const askerOf = (call: { viewer: Viewer; headers: { cookie?: string | undefined; 'user-agent'?: string | undefined } }): Asker => ({
  viewer: call.viewer,
  cookie: call.headers.cookie,
  agent: call.headers['user-agent'] ?? '',
})
