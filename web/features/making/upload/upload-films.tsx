import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { OwnProfile } from '#shared/api/accounts.ts'
import type { Video } from '#shared/api/videos.ts'
import { reading, useReading } from '#web/lib/reading.ts'
import { Shape } from '#web/ui/shape.tsx'
import type { Desk, Into, Outcome } from './desk.ts'
import { DropZone } from './drop-zone.tsx'
import { FilmCard } from './film-card.tsx'
import type { FilmOnItsWay } from './film-on-its-way.ts'
import { pathOf } from './give-up.ts'
import type { Chosen } from './gather.ts'
import { sortOut } from './gather.ts'
import { Outcomes } from './outcomes.tsx'
import { Totals } from './totals.tsx'
import { useDesk, useFilms } from './use-desk.ts'
import { useDropsAnywhere } from './use-drops.ts'
import './upload-films.css'

/** Choosing films, and all that becomes of them. */
export function UploadFilms({ user, into }: { user: OwnProfile; into: string | undefined }) {
  const t = useTranslations('making.upload')
  const desk = useDesk(user)
  const films = useFilms(desk)
  const shown = films.filter((film) => film.view.stage.at !== 'leaving')
  const target = useTarget(user.username, into)
  const { outcomes, take, forget } = useTaking(into === undefined || target ? desk : undefined, target)
  const isOver = useDropsAnywhere(take)
  return (
    <div className="upload">
      <header className="upload-head">
        <h1>{t('title')}</h1>
        <p>{target ? t('into', { title: target.fields.title }) : t('text')}</p>
      </header>
      <noscript>
        <p className="form-failure">
          {t.rich('withoutScript', {
            link: (words) => <a href="/testpage">{words}</a>,
          })}
        </p>
      </noscript>
      <DropZone
        take={take}
        isOver={isOver}
        isSmall={shown.length > 0}
        isReady={desk !== undefined && (into === undefined || target !== undefined)}
      />
      <Outcomes outcomes={outcomes} forget={forget} />
      {desk ? <FilmList desk={desk} films={shown} username={user.username} /> : <LateShape />}
    </div>
  )
}

function FilmList({ desk, films, username }: { desk: Desk; films: readonly FilmOnItsWay[]; username: string }) {
  const t = useTranslations('making.upload')
  if (films.length === 0) return <Hints />
  return (
    <>
      <Totals desk={desk} films={films} />
      <ol className="upload-list" role="list" aria-label={t('list')}>
        {films.map((film) => (
          <li key={film.note.id}>
            <FilmCard desk={desk} film={film} username={username} isAlone={films.length === 1} />
          </li>
        ))}
      </ol>
    </>
  )
}

/** What an empty list is good for: saying what will be. */
function Hints() {
  const t = useTranslations('making.upload.hints')
  return (
    <ul className="upload-hints" role="list">
      {(['resume', 'while', 'private'] as const).map((hint) => (
        <li key={hint}>
          <h2>{t(`${hint}Title`)}</h2>
          <p>{t(hint)}</p>
        </li>
      ))}
    </ul>
  )
}

/** The server renders nothing of the list, which only the browser knows; without script there is none to wait for. */
function LateShape() {
  const [isHere, setIsHere] = useState(false)
  useEffect(() => setIsHere(true), [])
  return isHere ? <Shape look="rows" lines={2} /> : null
}

/** The film that the file is for, where one came for that. */
function useTarget(username: string, into: string | undefined): Into | undefined {
  const { data } = useReading(reading<Video>(pathOf(username, into ?? '')), { enabled: into !== undefined })
  if (into === undefined || !data) return undefined
  const { id: videoId, title, description, tags, visibility } = data
  return { videoId, fields: { title, description, tags, visibility }, hasPassword: visibility === 'password' }
}

/** What is dropped before the notes have been read is taken as soon as they are. */
function useTaking(desk: Desk | undefined, into: Into | undefined) {
  const [outcomes, setOutcomes] = useState<readonly (Outcome | { name: string; became: 'no film' })[]>([])
  const early = useRef<Chosen[]>([])
  const take = useCallback(
    async (chosen: readonly Chosen[]) => {
      if (!desk) return void early.current.push(...chosen)
      const { films, passedOver } = sortOut(chosen)
      const none = passedOver.map((name) => ({ name, became: 'no film' as const }))
      setOutcomes(none)
      // Only one film fits into one that is there already.
      const became = into ? await desk.add(films.slice(0, 1), into) : await desk.add(films)
      setOutcomes([...none, ...became])
    },
    [desk, into],
  )
  useEffect(() => {
    if (desk && early.current.length > 0) void take(early.current.splice(0))
  }, [desk, take])
  return { outcomes, take: (chosen: readonly Chosen[]) => void take(chosen), forget: () => setOutcomes([]) }
}
