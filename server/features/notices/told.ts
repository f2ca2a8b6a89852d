import type { NoticeKind } from '#shared/api/notices.ts'

/** What is to be told. `origin`: of what, so that a second telling is known; `group`: what is alike is one notice until it is read. */
export type Tell = {
  kind: NoticeKind
  to: readonly string[]
  origin: string
  group: string
  byId?: string | undefined
  videoId?: string | undefined
  commentId?: string | undefined
  text?: string
}

export const tellKind = 'notices.tell'

/** To be owed in the commit of what it tells: then it is told once that stands, whatever breaks in between. */
export function toTell({ kind, to, origin, group, byId, videoId, commentId, text = '' }: Tell) {
  return {
    kind: tellKind,
    payload: {
      ...{ kind, to: [...new Set(to)], origin, group: group.slice(0, 60), text: text.slice(0, 500) },
      ...{ byId: byId ?? null, videoId: videoId ?? null, commentId: commentId ?? null },
    },
  }
}
