import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { OwnProfile } from '#shared/api/accounts.ts'
import type { Comment, CommentPage } from '#shared/api/comments.ts'
import type { Video } from '#shared/api/videos.ts'
import { entranceFor } from '#shared/entrance.ts'
import { useApi } from '#web/lib/api-context.ts'
import { type Pages, usePages } from '#web/lib/use-pages.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import type { Around } from './around.ts'
import { type CommentSort, commentsOf, commentsPath } from './api.ts'
import { Composer } from './composer.tsx'
import { Thread } from './thread.tsx'
import { useCommentActs } from './use-acts.ts'
import './comments.css'

type Props = { video: Video; user: OwnProfile | undefined; seek(atS: number): void }

/** What people say under a film. */
export function Comments({ video, user, seek }: Props) {
  const t = useTranslations('watch.comments')
  const [sort, setSort] = useState<CommentSort>('new')
  const list = usePages<Comment>(commentsOf(video.id, sort))
  const acts = useCommentActs(video.id, list)
  const add = useAdding(video, user, list)
  const total = (list.first as CommentPage | undefined)?.total ?? 0
  const around: Around = { video, user, seek, acts }
  return (
    <section className="comments" aria-labelledby="comments-title">
      <header className="comments-head">
        <h2 id="comments-title">{t('title', { count: total })}</h2>
        <fieldset className="comments-sort">
          <legend className="unseen">{t('sort')}</legend>
          {(['new', 'top'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={sort === one} onClick={() => setSort(one)}>
              {t(one)}
            </button>
          ))}
        </fieldset>
      </header>
      {video.commentRule === 'closed' && user?.id !== video.owner.id ? (
        <p className="comments-closed">{t('closed')}</p>
      ) : user ? (
        <Composer user={user} action={`/watch/${video.id}`} draft={video.id} act={t('send')} send={add} />
      ) : (
        <p className="comments-closed">
          <ButtonLink size="small" to={entranceFor(`/watch/${video.id}`)}>
            {t('signIn')}
          </ButtonLink>
        </p>
      )}
      <List list={list} around={around} />
    </section>
  )
}

function List({ list, around }: { list: Pages<Comment>; around: Around }) {
  const t = useTranslations('watch.comments')
  const { items, error, hasMore, isLoadingMore, more, retry } = list
  const end = useNearing(more)
  if (!items) return error ? <FailedNotice failure={error} retry={retry} /> : <Shape lines={4} />
  if (items.length === 0) return <p className="comments-closed">{t('empty')}</p>
  return (
    <>
      <ol className="comments-list" role="list">
        {items.map((comment) => (
          <Thread key={comment.id} comment={comment} around={around} />
        ))}
      </ol>
      {isLoadingMore ? <Shape lines={2} /> : null}
      {/* Another end for each page: one that stays in view would not be told of again. After a failure the person says when to go on. */}
      {hasMore && !isLoadingMore && !error ? <div key={items.length} ref={end} /> : null}
      {error ? <FailedNotice failure={error} retry={retry} /> : null}
    </>
  )
}

/** For the element at the end of a list: the next page is on its way before its place comes into view. */
function useNearing(act: () => void) {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  return useCallback((end: HTMLDivElement) => {
    const watcher = new IntersectionObserver((looks) => looks.at(-1)?.isIntersecting && latest.current(), { rootMargin: '600px' })
    watcher.observe(end)
    return () => watcher.disconnect()
  }, [])
}

/** What was written stands first in the list at once, and is marked until it has arrived. */
function useAdding(video: Video, user: OwnProfile | undefined, list: Pages<Comment>) {
  const api = useApi()
  return async (text: string) => {
    if (!user) return
    const pending = pendingComment(user, text, video)
    const without = (items: Comment[]) => items.filter(({ id }) => id !== pending.id)
    list.edit((items, page) => (page === 0 ? [pending, ...items] : items))
    try {
      const sent = await api.send<Comment>('POST', commentsPath(video.id), { text }, { idempotencyKey: crypto.randomUUID() })
      list.edit((items) => items.map((one) => (one.id === pending.id ? sent : one)))
    } catch (failure) {
      list.edit(without)
      throw failure
    }
  }
}

function pendingComment(user: OwnProfile, text: string, video: Video): Comment {
  const { id, username, displayName, avatar } = user
  return {
    id: `pending-${crypto.randomUUID()}`,
    text,
    author: { id, username, displayName, avatar },
    createdAt: new Date().toISOString(),
    editedAt: null,
    replyTo: null,
    replies: 0,
    likes: 0,
    isLiked: false,
    isPinned: false,
    isDeleted: false,
    isByOwner: id === video.owner.id,
    isHeld: false,
    mentions: [],
    times: [],
  }
}
