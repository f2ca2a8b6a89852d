import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { HeldPage } from '#shared/api/moderation.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { useSay } from '#web/ui/status.tsx'
import { heldComments } from './api.ts'
import './moderation.css'

type Held = HeldPage['items'][number]

/** Comments that nobody else sees yet: one word lets them through, another takes them away. */
export function HeldList({ of }: { of: 'own' | 'all' }) {
  const t = useTranslations('moderation.held')
  const pages = usePages<Held>(heldComments(of))
  const deeds = useDeeds()
  const say = useSay()
  const textOf = useFailureText()

  async function act({ comment, video }: Held, isLetThrough: boolean) {
    const path = `/videos/${video.id}/comment/${comment.id}`
    const outcome = await deeds.run(`${isLetThrough} ${comment.id}`, (api) =>
      isLetThrough ? api.send('PUT', `${path}/approval`) : api.send('DELETE', path),
    )
    if (outcome.state === 'failed') return say({ look: 'failed', text: textOf(outcome.failure) })
    if (outcome.state === 'done') pages.edit((items) => items.filter((one) => one.comment.id !== comment.id))
  }

  return (
    <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
      {(items) => (
        <ol className="cases" role="list">
          {items.map((held) => (
            <li key={held.comment.id}>
              <article className="case">
                <header className="case-head">
                  <span className="case-kind">{t(`why.${held.why}`)}</span>
                  {held.comment.author ? <span>{held.comment.author.displayName || held.comment.author.username}</span> : null}
                  <Link href={`/watch/${held.video.id}`}>{held.video.title}</Link>
                  <Moment at={held.comment.createdAt} look="ago" />
                </header>
                <blockquote className="case-text">{held.comment.text}</blockquote>
                <div className="form-acts">
                  <Button size="small" look="lamp" isBusy={deeds.busy === `true ${held.comment.id}`} onClick={() => void act(held, true)}>
                    {t('approve')}
                  </Button>
                  <Button
                    size="small"
                    look="danger"
                    isBusy={deeds.busy === `false ${held.comment.id}`}
                    onClick={() => void act(held, false)}
                  >
                    {t('remove')}
                  </Button>
                </div>
              </article>
            </li>
          ))}
        </ol>
      )}
    </Paged>
  )
}
