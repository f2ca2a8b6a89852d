import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { VideoCard } from '#shared/api/videos.ts'
import { IconButton } from '#web/ui/button.tsx'
import { BackIcon } from '#web/ui/icons.tsx'
import { FilmCard } from './film-card.tsx'
import { keepRow, keptRow } from './kept-rows.ts'

/** Films side by side. It scrolls by wheel, touch, keys and the two buttons, and stands where it stood when one comes back. */
export function FilmRow({ name, title, films }: { name: string; title: ReactNode; films: readonly VideoCard[] }) {
  const t = useTranslations('films.rows')
  const list = useRef<HTMLUListElement>(null)
  const [ends, setEnds] = useState({ isAtStart: true, isAtEnd: true })

  useEffect(() => {
    const element = list.current
    if (!element) return
    const look = () => {
      keepRow(name, element.scrollLeft)
      setEnds({
        isAtStart: element.scrollLeft < 8,
        isAtEnd: element.scrollLeft + element.clientWidth > element.scrollWidth - 8,
      })
    }
    const kept = keptRow(name)
    if (kept > 0) element.scrollLeft = kept
    element.addEventListener('scroll', look, { passive: true })
    // Tells of the first layout too, which a row far below has not had yet: nobody is made to wait for it.
    const watcher = new ResizeObserver(look)
    watcher.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      watcher.disconnect()
    }
  }, [name])

  const turn = (by: 1 | -1) => list.current?.scrollBy({ left: by * list.current.clientWidth * 0.8, behavior: 'smooth' })
  const fits = ends.isAtStart && ends.isAtEnd
  return (
    <section className="film-row" aria-labelledby={`row-${name}`}>
      <header className="film-row-head">
        <h2 id={`row-${name}`}>{title}</h2>
        {fits ? null : (
          <>
            <IconButton icon={BackIcon} label={t('back')} disabled={ends.isAtStart} onClick={() => turn(-1)} />
            <IconButton icon={BackIcon} label={t('on')} disabled={ends.isAtEnd} onClick={() => turn(1)} />
          </>
        )}
      </header>
      <ul className="film-row-films" role="list" ref={list} tabIndex={-1}>
        {films.map((film) => (
          <li key={film.id}>
            <FilmCard film={film} />
          </li>
        ))}
      </ul>
    </section>
  )
}
