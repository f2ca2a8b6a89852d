import { useTranslations } from 'use-intl'
import { FilmPicture } from '#web/features/films/film-picture.tsx'
import { ownLists } from '#web/features/lists/api.ts'
import { ListCards } from '#web/features/lists/list-cards.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page } from '#web/lib/page.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import '#web/features/films/film-card.css'

export const page: Page = { View: Lists, extras: () => [ownLists] }

function Lists() {
  const t = useTranslations('films.lists')
  const pages = usePages(ownLists)
  useHead({ title: t('title'), isHidden: true })
  return (
    <div className="films-page">
      <h1>{t('title')}</h1>
      <Paged pages={pages} empty={<Notice title={t('noneTitle')}>{t('none')}</Notice>}>
        {(items) => (
          <section aria-labelledby="own-lists">
            <h2 className="unseen" id="own-lists">
              {t('title')}
            </h2>
            <ListCards lists={items} picture={(film) => <FilmPicture film={film} isFirst={false} />} />
          </section>
        )}
      </Paged>
    </div>
  )
}
