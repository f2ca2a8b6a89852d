import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Playlist } from '#shared/api/playlists.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { useReading } from '#web/lib/reading.ts'
import { Paged } from '#web/ui/paged.tsx'
import { inList, itemsOf, listAddress, neighboursOf, type PlaylistItem } from './api.ts'
import './lists.css'

/** The parts beside the film: of the list one came by, or of the series it belongs to. */
export function ListRail({ vid, list }: { vid: string; list: string | undefined }) {
  const { data } = useReading(neighboursOf(vid, list))
  return data?.list ? <Rail key={data.list.id} list={data.list} vid={vid} /> : null
}

function Rail({ list, vid }: { list: Playlist; vid: string }) {
  const t = useTranslations('films.lists')
  const pages = usePages<PlaylistItem>(itemsOf(list.id))
  const title = list.kind === 'later' ? t('later') : list.title
  return (
    <section className="list-rail" aria-labelledby="rail-title">
      <header className="list-rail-head">
        <h2 id="rail-title">{list.kind === 'later' ? title : <Link href={listAddress(list.id)}>{title}</Link>}</h2>
        <span>{t('count', { count: list.count })}</span>
      </header>
      <div className="list-rail-body">
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
      </div>
    </section>
  )
}

/** `2.5`: the fifth part of the second season. */
function partOf({ season, part }: PlaylistItem): string {
  if (part === null) return ''
  return season === null ? String(part) : `${season}.${part}`
}
