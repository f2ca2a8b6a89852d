import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Playlist } from '#shared/api/playlists.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { useReading } from '#web/lib/reading.ts'
import { Paged } from '#web/ui/paged.tsx'
import { inList, itemsOf, listAddress, neighboursOf, type PlaylistItem } from './api.ts'
import './lists.css'

/** The parts beside the film: of the list one came by, or of the series it belongs to. */
export function ListRail({ vid, list, isWhole }: { vid: string; list: string | undefined; isWhole: boolean }) {
  const { data } = useReading(neighboursOf(vid, list))
  return data?.list ? <Rail key={data.list.id} list={data.list} vid={vid} isWhole={isWhole} /> : null
}

function Rail({ list, vid, isWhole }: { list: Playlist; vid: string; isWhole: boolean }) {
  const t = useTranslations('films.lists')
  const title = list.kind === 'later' ? t('later') : list.title
  return (
    <section className="list-rail" aria-labelledby="rail-title">
      <header className="list-rail-head">
        <h2 id="rail-title">{list.kind === 'later' ? title : <Link href={listAddress(list.id)}>{title}</Link>}</h2>
        <span>{t('count', { count: list.count })}</span>
      </header>
      <div className="list-rail-body">{isWhole ? <Parts list={list} vid={vid} /> : <Places count={list.count} />}</div>
    </section>
  )
}

function Parts({ list, vid }: { list: Playlist; vid: string }) {
  const pages = usePages<PlaylistItem>(itemsOf(list.id))
  if (!pages.items && !pages.error) return <Places count={list.count} />
  return (
    <Paged pages={pages} empty={null}>
      {(items) => (
        <ol role="list">
          {items.map((item) => (
            <li key={item.id}>
              <Link className="list-rail-item" href={inList(item.id, list.id)} aria-current={item.id === vid ? 'true' : undefined}>
                <span className="list-rail-number">{partOf(item)}</span>
                <span>{item.title}</span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Paged>
  )
}

/** As high as the parts will be: nothing below them moves when they come. */
function Places({ count }: { count: number }) {
  const places = Array.from({ length: Math.min(count, 9) }, (_, at) => at)
  return (
    <div aria-hidden="true">
      {places.map((at) => (
        <span key={at} className="list-rail-item" />
      ))}
    </div>
  )
}

/** `2.5`: the fifth part of the second season. */
function partOf({ season, part }: PlaylistItem): string {
  if (part === null) return ''
  return season === null ? String(part) : `${season}.${part}`
}
