import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Notice } from '#shared/api/notices.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { BellIcon } from '#web/ui/icons.tsx'
import { Moment } from '#web/ui/moment.tsx'

/** What happened, as one sentence that leads there. */
export function NoticeLine({ notice }: { notice: Notice }) {
  const t = useTranslations('notices')
  const { kind, by, people, count, video, text, createdAt, isRead } = notice
  const name = by ? by.displayName || by.username : t('somebody')
  const sentence = t(`kinds.${kind}`, {
    name,
    others: Math.max(0, people - 1),
    count,
    title: video?.title ?? '',
    about: video ? 'film' : 'none',
  })
  return (
    <Link className="notice-line" href={hrefOf(notice)} data-unread={isRead ? undefined : true}>
      {by ? (
        <Avatar person={by} size="medium" />
      ) : (
        <span className="notice-sign">
          <BellIcon />
        </span>
      )}
      <span className="notice-words">
        <span className="notice-sentence">{sentence}</span>
        {text ? <span className="notice-said">{text}</span> : null}
        <Moment at={createdAt} look="ago" />
      </span>
      {isRead ? null : (
        <span className="notice-dot">
          <span className="unseen">{t('unread')}</span>
        </span>
      )}
    </Link>
  )
}

function hrefOf({ kind, video }: Notice): string {
  if (kind === 'new_device') return '/settings/security'
  if (kind === 'held') return '/moderation/held'
  if (!video) return '/notices'
  return kind === 'film_failed' || kind === 'film_given' ? `/studio/${video.id}` : `/watch/${video.id}`
}
