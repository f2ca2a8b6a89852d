import { Fragment, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { SearchAnswer } from '#shared/api/search.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { useSuggestions } from '#web/lib/use-suggestions.ts'
import { useTypedWords } from '#web/lib/use-typed-words.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { ButtonLink } from '#web/ui/button.tsx'
import { Filter, FilterChoice } from '#web/ui/filter.tsx'
import { CloseIcon, SearchIcon } from '#web/ui/icons.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { SuggestionList } from '#web/ui/suggestion-list.tsx'
import { addressOf, ages, lengths, resultsFor, type Sought, sorts } from './api.ts'
import './search-page.css'

export type Found = SearchAnswer['items'][number]
type Props = { sought: Sought; card(film: Found, at: number): ReactNode }

/** What was found, as one types; `card` shows a film. */
export function SearchPage({ sought, card }: Props) {
  const t = useTranslations('pages.search')
  const { words } = sought
  return (
    <div className="films-page search-page">
      <h1 className={words ? undefined : 'unseen'}>{words ? t('titleFor', { words }) : t('title')}</h1>
      <Field sought={sought} />
      <Filters sought={sought} />
      <Results sought={sought} card={card} />
    </div>
  )
}

/** Where there is no room for the field above every page. */
function Field({ sought: { words, filters } }: Pick<Props, 'sought'>) {
  const t = useTranslations('pages.search')
  const { field, typed: soon, seek } = useTypedWords(words)
  const suggestions = useSuggestions(field, seek)
  const typed = () => {
    soon()
    suggestions.ask()
  }
  return (
    <search>
      <form
        className="search-page-form"
        action="/search"
        onSubmit={(event) => {
          event.preventDefault()
          suggestions.close()
          seek()
        }}
      >
        <SearchIcon />
        <input
          ref={field}
          className="control search-page-input"
          type="search"
          name="q"
          maxLength={200}
          defaultValue={words}
          onInput={(event) => event.nativeEvent.isComposing || typed()}
          onCompositionEnd={typed}
          {...suggestions.combobox}
          aria-label={t('title')}
          placeholder={t('placeholder')}
          enterKeyHint="search"
          autoComplete="off"
        />
        <SuggestionList suggestions={suggestions} />
        {Object.entries(filters).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
      </form>
    </search>
  )
}

function Filters({ sought }: Pick<Props, 'sought'>) {
  const t = useTranslations('films.search')
  const { words, filters } = sought
  const { tag, ...others } = filters
  const valueOf = (name: string) => filters[name] ?? null
  return (
    <>
      <Filter to="/search" label={t('filters')}>
        {words ? <input type="hidden" name="q" value={words} /> : null}
        {tag ? <input type="hidden" name="tag" value={tag} /> : null}
        <FilterChoice
          name="sort"
          label={t('sort')}
          value={valueOf('sort')}
          all={t('sorts.best')}
          options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
        />
        <FilterChoice
          name="length"
          label={t('length')}
          value={valueOf('length')}
          all={t('lengths.any')}
          options={lengths.map((value) => ({ value, label: t(`lengths.${value}`) }))}
        />
        <FilterChoice
          name="age"
          label={t('age')}
          value={valueOf('age')}
          all={t('ages.any')}
          options={ages.map((value) => ({ value, label: t(`ages.${value}`) }))}
        />
      </Filter>
      {tag ? (
        <p>
          <Link
            className="button button-plain button-small"
            href={addressOf({ words, filters: others, cursor: undefined })}
            aria-label={t('withoutTag', { tag })}
          >
            #{tag}
            <CloseIcon />
          </Link>
        </p>
      ) : null}
    </>
  )
}

function Results({ sought, card }: Props) {
  const t = useTranslations('films.search')
  const pages = usePages<Found>(resultsFor(sought))
  const answer = pages.first as SearchAnswer | undefined
  const films = useTranslations('films.channel')
  return (
    <>
      <p className="films-hint" role="status">
        {answer && answer.total > 0 ? (answer.isGuess ? t('guess') : t('results', { count: answer.total })) : null}
      </p>
      {answer && answer.people.length > 0 ? <People people={answer.people} /> : null}
      <Paged pages={pages} empty={answer && answer.people.length > 0 ? null : <Nothing sought={sought} />}>
        {(items) => (
          <section className="film-list" aria-labelledby="found-films">
            <h2 className="unseen" id="found-films">
              {films('films')}
            </h2>
            <ol className="film-list" role="list">
              {items.map((film, at) => (
                <Fragment key={film.id}>{card(film, at)}</Fragment>
              ))}
            </ol>
          </section>
        )}
      </Paged>
      {answer?.nextCursor ? (
        <noscript>
          <a className="button button-plain" rel="next" href={addressOf({ ...sought, cursor: answer.nextCursor })}>
            {t('next')}
          </a>
        </noscript>
      ) : null}
    </>
  )
}

function People({ people }: Pick<SearchAnswer, 'people'>) {
  const t = useTranslations('films.search')
  return (
    <section aria-label={t('people')}>
      <ul className="films-people" role="list">
        {people.map((person) => (
          <li key={person.username}>
            <Link className="films-person" href={`/@${encodeURIComponent(person.username)}`}>
              <Avatar person={person} />
              {person.displayName || person.username}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Nothing({ sought: { words, filters } }: Pick<Props, 'sought'>) {
  const page = useTranslations('pages.search')
  const t = useTranslations('films.search')
  const { sort, ...narrowing } = filters
  if (Object.keys(narrowing).length > 0)
    return (
      <Notice
        title={t('noneFiltered')}
        acts={<ButtonLink to={addressOf({ words, filters: sort ? { sort } : {}, cursor: undefined })}>{t('dropFilters')}</ButtonLink>}
      />
    )
  if (words) return <Notice title={t('noneTitle', { words })}>{t('none')}</Notice>
  return <Notice title={page('emptyTitle')}>{page('empty')}</Notice>
}
