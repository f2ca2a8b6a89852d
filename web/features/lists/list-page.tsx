import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Link, useLocation } from 'wouter'
import type { Playlist } from '#shared/api/playlists.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Button, ButtonLink, IconButton } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { BackIcon, CloseIcon } from '#web/ui/icons.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { useSay } from '#web/ui/status.tsx'
import { inList, itemsOf, type PlaylistItem } from './api.ts'
import './lists.css'

type Props = { list: Playlist; card(item: PlaylistItem): ReactNode }

/** A list as others see it, and for who keeps it the order too. `card` shows a film. */
export function ListPage({ list, card }: Props) {
  const t = useTranslations('films.lists')
  const pages = usePages<PlaylistItem>(itemsOf(list.id))
  const deeds = useDeeds()
  const say = useSay()
  const textOf = useFailureText()
  const [, go] = useLocation()
  const title = list.kind === 'later' ? t('later') : list.title
  const first = pages.items?.[0]

  async function act(name: string, method: 'PUT' | 'DELETE', path: string, body?: object) {
    const outcome = await deeds.run(name, (api) => api.send(method, path, body))
    if (outcome.state === 'failed') say({ look: 'failed', text: textOf(outcome.failure) })
    else pages.retry()
    return outcome.state === 'done'
  }
  const itemPath = (id: string) => `/playlists/${list.id}/items/${id}`
  /** Behind the one before its neighbour, so that the two change places. */
  const move = (items: readonly PlaylistItem[], at: number, by: 1 | -1) => {
    const behind = by < 0 ? items[at - 2] : items[at + 1]
    void act('move', 'PUT', itemPath(items[at]?.id ?? ''), { after: behind?.id ?? null })
  }

  return (
    <div className="films-page">
      <header className="films-head">
        <h1>{title}</h1>
        {first ? (
          <ButtonLink look="lamp" size="small" to={inList(first.id, list.id)}>
            {t('playAll')}
          </ButtonLink>
        ) : null}
        {list.mayChange && list.kind !== 'later' ? (
          <Button
            look="danger"
            size="small"
            isBusy={deeds.busy === 'delete'}
            onClick={() => void act('delete', 'DELETE', `/playlists/${list.id}`).then((isDone) => isDone && go('/lists'))}
          >
            {t('delete')}
          </Button>
        ) : null}
      </header>
      <p className="films-hint">
        <Link href={`/@${encodeURIComponent(list.owner.username)}`}>{list.owner.displayName || list.owner.username}</Link>
        {' · '}
        {t('count', { count: list.count })}
        {list.visibility === 'public' ? '' : ` · ${t(`visibility.${list.visibility}`)}`}
      </p>
      {list.description ? <p>{list.description}</p> : null}
      <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
        {(items) => (
          <section aria-labelledby="list-films">
            <h2 className="unseen" id="list-films">
              {t('films')}
            </h2>
            <ol className="film-list" role="list">
              {items.map((item, at) => (
                <li className="list-item" key={item.id}>
                  {card(item)}
                  {list.mayChange ? (
                    <span className="list-item-acts">
                      <IconButton
                        icon={BackIcon}
                        label={t('up', { title: item.title })}
                        disabled={at === 0}
                        onClick={() => move(items, at, -1)}
                      />
                      <IconButton
                        icon={BackIcon}
                        label={t('down', { title: item.title })}
                        disabled={at === items.length - 1}
                        onClick={() => move(items, at, 1)}
                      />
                      <IconButton
                        icon={CloseIcon}
                        label={t('remove', { title: item.title })}
                        onClick={() => void act(item.id, 'DELETE', itemPath(item.id))}
                      />
                    </span>
                  ) : null}
                </li>
              ))}
            </ol>
          </section>
        )}
      </Paged>
    </div>
  )
}
