import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Comment } from '#shared/api/comments.ts'
import { toCount } from '#web/lib/counts.ts'
import { useReport } from '#web/lib/report.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { HeartIcon } from '#web/ui/film-icons.tsx'
import { MoreIcon } from '#web/ui/icons.tsx'
import { Menu, MenuAct } from '#web/ui/menu.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { TimedText } from '#web/ui/timed-text.tsx'
import { Composer } from './composer.tsx'
import type { Around } from './around.ts'

type Props = { comment: Comment; around: Around; reply(): void }

export function CommentShown({ comment, around, reply }: Props) {
  const t = useTranslations('watch.comments')
  const { author, text, createdAt, editedAt, isDeleted, isPinned, isByOwner } = comment
  const { user, video, seek, acts } = around
  const [isEdited, setIsEdited] = useState(false)
  // Not yet answered by the server: there is nothing to like or to answer so far.
  const isPending = comment.id.startsWith('pending-')
  if (isDeleted || !author) return <p className="comment-gone">{t('deleted')}</p>
  const href = `/@${encodeURIComponent(author.username)}`
  return (
    <article className="comment" data-pending={isPending || undefined}>
      <Link href={href} tabIndex={-1} aria-hidden="true">
        <Avatar person={author} />
      </Link>
      <div className="comment-main">
        <p className="comment-head">
          <Link className="comment-name" href={href}>
            {author.displayName || author.username}
          </Link>
          {isByOwner ? <span className="comment-badge">{t('owner')}</span> : null}
          {isPinned ? <span className="comment-badge">{t('pinned')}</span> : null}
          <Moment at={createdAt} look="ago" />
          {editedAt ? <span>{t('edited')}</span> : null}
        </p>
        {isEdited && user ? (
          <Composer
            user={user}
            action={`/watch/${video.id}`}
            draft={`${video.id} edit ${comment.id}`}
            first={text}
            act={t('save')}
            send={(next) => acts.change(comment, next)}
            leave={() => setIsEdited(false)}
          />
        ) : (
          <p className="comment-text">
            <TimedText text={text} seek={seek} />
          </p>
        )}
        {isPending ? null : <CommentActsRow comment={comment} around={around} reply={reply} edit={() => setIsEdited(true)} />}
      </div>
    </article>
  )
}

function CommentActsRow({ comment, around, reply, edit }: Props & { edit(): void }) {
  const t = useTranslations('watch.comments')
  const id = useId()
  const report = useReport()
  const { user, video, acts } = around
  const { isLiked, likes, author } = comment
  if (!user || !author)
    return likes > 0 ? (
      <p className="comment-acts comment-likes">
        <HeartIcon /> {toCount(likes)}
      </p>
    ) : null
  const isMine = author.id === user.id
  const isKeeper = video.owner.id === user.id
  const mayDelete = isMine || isKeeper || user.role !== 'member'
  return (
    <div className="comment-acts">
      <button
        type="button"
        aria-pressed={isLiked}
        aria-label={t(isLiked ? 'unlike' : 'like', { count: likes })}
        onClick={() => void acts.like(comment)}
      >
        <HeartIcon />
        {likes > 0 ? toCount(likes) : null}
      </button>
      <button type="button" onClick={reply}>
        {t('reply')}
      </button>
      {mayDelete || report ? (
        <>
          <button type="button" popoverTarget={id} aria-label={t('more', { name: author.displayName || author.username })}>
            <MoreIcon />
          </button>
          <Menu id={id} label={t('more', { name: author.displayName || author.username })}>
            {isMine ? <MenuAct act={edit}>{t('edit')}</MenuAct> : null}
            {isKeeper && comment.replyTo === null ? (
              <MenuAct act={() => void acts.pin(comment)}>{comment.isPinned ? t('unpin') : t('pin')}</MenuAct>
            ) : null}
            {mayDelete ? <MenuAct act={() => acts.remove(comment)}>{t('delete')}</MenuAct> : null}
            {report && !isMine ? (
              <MenuAct act={() => report({ path: `/videos/${video.id}/comment/${comment.id}`, what: comment.text })}>{t('report')}</MenuAct>
            ) : null}
          </Menu>
        </>
      ) : null}
    </div>
  )
}
