import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { HistoryPage } from '#shared/api/history.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { CloseIcon } from '#web/ui/icons.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { useSay } from '#web/ui/status.tsx'
import { historyFor } from './api.ts'
import { FilmCard } from './film-card.tsx'

type HistoryItem = HistoryPage['items'][number]

/** What one has watched: searched, paused, taken out, exported. */
export function History({ words }: { words: string }) {
  const t = useTranslations('films.history')
  const films = useTranslations('films.channel')
  const pages = usePages<HistoryItem>(historyFor(words))
  const deeds = useDeeds()
  const say = useSay()
  const textOf = useFailureText()
  const [isAsked, setIsAsked] = useState(false)
  const isPaused = (pages.first as HistoryPage | undefined)?.isPaused ?? false

  async function act(name: string, method: 'PUT' | 'DELETE', path: string, body?: object) {
    const outcome = await deeds.run(name, (api) => api.send(method, path, body), ['/history', '/home'])
    if (outcome.state === 'failed') say({ look: 'failed', text: textOf(outcome.failure) })
  }

  return (
    <div className="films-page">
      <header className="films-head">
        <h1>{t('title')}</h1>
        <form action="/history">
          <input className="control" type="search" name="q" defaultValue={words} aria-label={t('search')} placeholder={t('search')} />
        </form>
        <Button
          size="small"
          isBusy={deeds.busy === 'pause'}
          onClick={() => void act('pause', 'PUT', '/history/paused', { isPaused: !isPaused })}
        >
          {isPaused ? t('resume') : t('pause')}
        </Button>
        <a className="button button-plain button-small" href="/api/history/export" download="history.json">
          {t('export')}
        </a>
        <Button size="small" look="danger" onClick={() => setIsAsked(true)}>
          {t('clear')}
        </Button>
      </header>
      {isPaused ? <p className="films-hint">{t('paused')}</p> : null}
      <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
        {(items) => (
          <section aria-labelledby="history-films">
            <h2 className="unseen" id="history-films">
              {films('films')}
            </h2>
            <ol className="film-list" role="list">
              {items.map((film) => (
                <li className="history-item" key={film.id}>
                  <FilmCard film={film} look="wide">
                    <p className="film-moment">
                      {film.isFinished ? t('finished') : t.rich('watched', { date: () => <Moment at={film.watchedAt} look="ago" /> })}
                    </p>
                  </FilmCard>
                  <IconButton
                    icon={CloseIcon}
                    label={t('remove', { title: film.title })}
                    onClick={() => void act(film.id, 'DELETE', `/history/${film.id}`)}
                  />
                </li>
              ))}
            </ol>
          </section>
        )}
      </Paged>
      <Dialog title={t('clearTitle')} isOpen={isAsked} close={() => setIsAsked(false)}>
        <p>{t('clearText')}</p>
        <div className="form-acts">
          <Button
            look="danger"
            onClick={() => {
              setIsAsked(false)
              void act('clear', 'DELETE', '/history')
            }}
          >
            {t('clear')}
          </Button>
        </div>
      </Dialog>
    </div>
  )
}
