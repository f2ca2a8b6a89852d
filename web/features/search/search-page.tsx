import { useTranslations } from 'use-intl'
import { SearchIcon } from '#web/ui/icons.tsx'
import { Notice } from '#web/ui/notice.tsx'
import './search-page.css'

/** There is nothing to find before there are films, and the page says so. */
export function SearchPage({ words }: { words: string }) {
  const t = useTranslations('pages.search')
  return (
    <div className="search-page">
      <h1 className={words ? undefined : 'unseen'}>{words ? t('titleFor', { words }) : t('title')}</h1>
      <search>
        <form className="search-page-form" action="/search">
          <SearchIcon />
          <input
            key={words}
            className="control search-page-input"
            type="search"
            name="q"
            defaultValue={words}
            aria-label={t('title')}
            placeholder={t('placeholder')}
            enterKeyHint="search"
            autoComplete="off"
          />
        </form>
      </search>
      <Notice title={t('emptyTitle')}>{t('empty')}</Notice>
    </div>
  )
}
