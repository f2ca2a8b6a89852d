import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Comment } from '#shared/api/comments.ts'
import { useApi } from '#web/lib/api-context.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Button } from '#web/ui/button.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { commentsPath, repliesTo } from './api.ts'
import type { Around } from './around.ts'
import { CommentShown } from './comment-shown.tsx'
import { Composer } from './composer.tsx'
import { useCommentActs } from './use-acts.ts'

/** A comment and what was replied to it. */
export function Thread({ comment, around }: { comment: Comment; around: Around }) {
  const t = useTranslations('watch.comments')
  const { video, user } = around
  const [isOpen, setIsOpen] = useState(false)
  const [replyTo, setReplyTo] = useState<Comment>()
  const [added, setAdded] = useState(0)
  const api = useApi()
  const count = comment.replies + added

  async function send(text: string) {
    const body = { text, replyTo: comment.id }
    await api.send<Comment>('POST', commentsPath(video.id), body, { idempotencyKey: crypto.randomUUID() })
    setAdded((before) => before + 1)
    setIsOpen(true)
  }

  return (
    <li className="thread">
      <CommentShown comment={comment} around={around} reply={() => setReplyTo(comment)} />
      <div className="thread-under">
        {count > 0 ? (
          <button type="button" className="thread-more" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? t('hideReplies') : t('replies', { count })}
          </button>
        ) : null}
        {isOpen ? <Replies key={added} root={comment} around={around} reply={setReplyTo} /> : null}
        {replyTo && user ? (
          <Composer
            key={replyTo.id}
            user={user}
            action={`/watch/${video.id}`}
            draft={`${video.id} ${comment.id}`}
            replyTo={{ id: comment.id, name: nameOf(replyTo) }}
            first={replyTo.id === comment.id ? '' : `@${replyTo.author?.username ?? ''} `}
            act={t('reply')}
            send={send}
            leave={() => setReplyTo(undefined)}
          />
        ) : null}
      </div>
    </li>
  )
}

type RepliesProps = { root: Comment; around: Around; reply(comment: Comment): void }

function Replies({ root, around, reply }: RepliesProps) {
  const t = useTranslations('watch.comments')
  const list = usePages<Comment>(repliesTo(around.video.id, root.id))
  const acts = useCommentActs(around.video.id, list)
  const { items, error, retry, hasMore, isLoadingMore, more } = list
  if (!items) return error ? <FailedNotice failure={error} retry={retry} /> : <Shape lines={2} />
  return (
    <>
      <ol className="replies" role="list">
        {items.map((comment) => (
          <li key={comment.id}>
            <CommentShown comment={comment} around={{ ...around, acts }} reply={() => reply(comment)} />
          </li>
        ))}
      </ol>
      {hasMore ? (
        <Button size="small" look="bare" isBusy={isLoadingMore} onClick={more}>
          {t('moreReplies')}
        </Button>
      ) : null}
    </>
  )
}

function nameOf({ author }: Comment): string {
  return author?.displayName || author?.username || ''
}
