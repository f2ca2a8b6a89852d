import { useFormatter, useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { AdminFilm } from '#shared/api/curation.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { Filter, FilterChoice, FilterWords } from '#web/ui/filter.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { type Column, Table } from '#web/ui/table.tsx'
import { visibilities } from '../fields/film-fields.ts'
import { states } from '../studio/api.ts'
import { ChooseBox } from '../studio/choose-box.tsx'
import { FilmState } from '../studio/film-state.tsx'
import { StudioStill } from '../studio/film-still.tsx'
import { type Chosen, useChosen } from '../studio/use-chosen.ts'
import { allFilms, editorOf, kinds, sorts } from './api.ts'
import { HouseActs } from './house-acts.tsx'
import { HouseMany } from './house-many.tsx'
import '../studio/studio.css'
import './all-films.css'

/** Every film of the house, whatever it is to others, and what can be done with one or many. */
export function AllFilms({ search }: { search: URLSearchParams }) {
  const films = usePages(allFilms(search))
  const chosen = useChosen(films.items?.map(({ id }) => id) ?? [])
  const columns = useColumns(chosen)
  const t = useTranslations('allFilms')
  const isFiltered = [...search.values()].some((value) => value.trim() !== '')
  return (
    <div className="all-films">
      <AllFilmsFilter search={search} />
      <Paged pages={films} empty={isFiltered ? <NothingFits /> : <NoFilms />}>
        {(items) => (
          <>
            <HouseMany films={items} chosen={chosen} />
            <Table caption={t('title')} columns={columns} rows={items} keyOf={({ id }) => id} />
          </>
        )}
      </Paged>
    </div>
  )
}

function AllFilmsFilter({ search }: { search: URLSearchParams }) {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  const fields = useTranslations('making.fields')
  return (
    <Filter to="/admin/films" label={t('filter')}>
      <FilterWords name="q" label={t('words')} value={search.get('q')} />
      <FilterWords name="owner" label={t('owner')} value={search.get('owner')} />
      <FilterChoice
        name="state"
        label={studio('state')}
        value={search.get('state')}
        all={studio('allStates')}
        options={states.map((value) => ({ value, label: studio(`states.${value}`) }))}
      />
      <FilterChoice
        name="visibility"
        label={fields('visibility')}
        value={search.get('visibility')}
        all={studio('allVisibilities')}
        options={visibilities.map((value) => ({ value, label: fields(`visibilities.${value}`) }))}
      />
      <FilterChoice
        name="is"
        label={t('kind')}
        value={search.get('is')}
        all={t('kinds.all')}
        options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
      />
      <FilterChoice
        name="sort"
        label={studio('sort')}
        value={search.get('sort')}
        all={search.get('q')?.trim() ? t('best') : studio('sorts.new')}
        options={sorts.map((value) => ({ value, label: studio(`sorts.${value}`) }))}
      />
    </Filter>
  )
}

function useColumns(chosen: Chosen): Column<AdminFilm>[] {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  const fields = useTranslations('making.fields')
  const format = useFormatter()
  return [
    { label: studio('choose'), isActs: true, cell: (film) => <ChooseBox video={film} chosen={chosen} /> },
    { label: studio('film'), isName: true, cell: (film) => <FilmName film={film} /> },
    { label: studio('state'), cell: (film) => <FilmState video={film} /> },
    { label: fields('visibility'), cell: (film) => <Shown film={film} /> },
    { label: studio('views'), isNumber: true, cell: ({ views }) => format.number(views) },
    { label: t('size'), isNumber: true, cell: ({ bytes }) => (bytes === null ? '–' : t('megabytes', { size: bytes / 2 ** 20 })) },
    { label: studio('created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { label: studio('acts'), isActs: true, cell: (film) => <HouseActs film={film} /> },
  ]
}

function FilmName({ film }: { film: AdminFilm }) {
  const t = useTranslations('allFilms')
  const { title, owner, twins } = film
  return (
    <span className="all-films-name">
      <Link className="all-films-still" href={editorOf(film)} tabIndex={-1} aria-hidden="true">
        <StudioStill video={film} width={320} />
      </Link>
      <span className="studio-words">
        <Link className="studio-title" href={editorOf(film)}>
          {title}
        </Link>
        <Link className="studio-more" href={`/admin/films?owner=${encodeURIComponent(owner.username)}`}>
          {owner.displayName || owner.username}
        </Link>
        {twins > 0 ? (
          <Link className="studio-more" href="/admin/films?is=twin">
            {t('twins', { count: twins })}
          </Link>
        ) : null}
      </span>
    </span>
  )
}

/** Who may see it, and what the house has said about it. */
function Shown({ film: { visibility, isHidden, featuredAt } }: { film: AdminFilm }) {
  const t = useTranslations('allFilms')
  const fields = useTranslations('making.fields')
  return (
    <span className="all-films-shown">
      {isHidden ? <span className="all-films-hidden">{t('hiddenNow')}</span> : <span>{fields(`visibilities.${visibility}`)}</span>}
      {featuredAt === null ? null : <span className="all-films-featured">{t('featuredNow')}</span>}
    </span>
  )
}

function NoFilms() {
  const t = useTranslations('allFilms')
  return <Notice title={t('emptyTitle')}>{t('empty')}</Notice>
}

function NothingFits() {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  return (
    <Notice title={studio('nothingTitle')} acts={<ButtonLink to="/admin/films">{studio('showAll')}</ButtonLink>}>
      {t('nothing')}
    </Notice>
  )
}
