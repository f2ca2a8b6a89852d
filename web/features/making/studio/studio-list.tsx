import { useFormatter, useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { Filter, FilterChoice, FilterWords } from '#web/ui/filter.tsx'
import { UploadIcon } from '#web/ui/icons.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { type Column, Table } from '#web/ui/table.tsx'
import { visibilities } from '../fields/film-fields.ts'
import { BinIcon } from '../icons.tsx'
import { ownFilms, sorts, states } from './api.ts'
import { ChooseBox } from './choose-box.tsx'
import { FilmActs } from './film-acts.tsx'
import { FilmState } from './film-state.tsx'
import { StudioStill } from './film-still.tsx'
import { ManyActs } from './many-acts.tsx'
import { type Chosen, useChosen } from './use-chosen.ts'
import { useGrown } from './use-grown.ts'
import './parts.css'
import './studio.css'

type Props = { username: string; search: URLSearchParams }

/** All films of a person: where each stands, who may see it, and what can be done with one or many. */
export function StudioList({ username, search }: Props) {
  const t = useTranslations('making.studio')
  const films = usePages(ownFilms(username, search))
  const toGrown = useGrown(username)
  const shown = films.items?.map(toGrown)
  const chosen = useChosen(shown?.map(({ id }) => id) ?? [])
  const columns = useColumns(username, chosen)
  const isFiltered = [...search.values()].some((value) => value !== '')
  return (
    <div className="studio">
      <header className="studio-head">
        <h1>{t('title')}</h1>
        <div className="studio-head-acts">
          <ButtonLink look="bare" icon={BinIcon} to="/studio?thrown">
            {t('thrown')}
          </ButtonLink>
          <ButtonLink look="lamp" icon={UploadIcon} to="/upload-films">
            {t('upload')}
          </ButtonLink>
        </div>
      </header>
      {isFiltered || films.items?.length !== 0 ? <StudioFilter search={search} /> : null}
      <Paged pages={{ ...films, items: shown }} empty={isFiltered ? <NothingFits /> : <NoFilms />}>
        {(videos) => (
          <>
            <ManyActs username={username} videos={videos} chosen={chosen} />
            <Table caption={t('title')} columns={columns} rows={videos} keyOf={({ id }) => id} />
          </>
        )}
      </Paged>
    </div>
  )
}

function StudioFilter({ search }: { search: URLSearchParams }) {
  const t = useTranslations('making.studio')
  const fields = useTranslations('making.fields')
  return (
    <Filter to="/studio" label={t('filter')}>
      <FilterWords name="q" label={t('words')} value={search.get('q')} />
      <FilterChoice
        name="state"
        label={t('state')}
        value={search.get('state')}
        all={t('allStates')}
        options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
      />
      <FilterChoice
        name="visibility"
        label={fields('visibility')}
        value={search.get('visibility')}
        all={t('allVisibilities')}
        options={visibilities.map((value) => ({ value, label: fields(`visibilities.${value}`) }))}
      />
      <FilterChoice
        name="sort"
        label={t('sort')}
        value={search.get('sort')}
        all={t('sorts.new')}
        options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
      />
    </Filter>
  )
}

function useColumns(username: string, chosen: Chosen): Column<Video>[] {
  const t = useTranslations('making.studio')
  const fields = useTranslations('making.fields')
  const format = useFormatter()
  return [
    { label: t('choose'), isActs: true, cell: (video) => <ChooseBox video={video} chosen={chosen} /> },
    { label: t('film'), isName: true, cell: (video) => <FilmName video={video} /> },
    { label: t('state'), cell: (video) => <FilmState video={video} /> },
    { label: fields('visibility'), cell: ({ visibility }) => fields(`visibilities.${visibility}`) },
    { label: t('views'), isNumber: true, cell: ({ views }) => format.number(views) },
    { label: t('created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { label: t('acts'), isActs: true, cell: (video) => <FilmActs username={username} video={video} /> },
  ]
}

function FilmName({ video }: { video: Video }) {
  return (
    <Link className="studio-film" href={`/studio/${video.id}`}>
      <StudioStill video={video} width={320} />
      <span className="studio-words">
        <span className="studio-title">{video.title}</span>
        {video.description ? <span className="studio-more studio-excerpt">{video.description}</span> : null}
      </span>
    </Link>
  )
}

function NoFilms() {
  const t = useTranslations('making.studio')
  return (
    <Notice
      title={t('emptyTitle')}
      acts={
        <ButtonLink look="lamp" icon={UploadIcon} to="/upload-films">
          {t('upload')}
        </ButtonLink>
      }
    >
      {t('empty')}
    </Notice>
  )
}

function NothingFits() {
  const t = useTranslations('making.studio')
  return (
    <Notice title={t('nothingTitle')} acts={<ButtonLink to="/studio">{t('showAll')}</ButtonLink>}>
      {t('nothing')}
    </Notice>
  )
}
