import { type ReactNode, useEffect, useId, useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { MoreFields } from '../fields/film-fields.tsx'
import { Labelled } from '#web/ui/labelled.tsx'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { FilmsIcon } from '#web/ui/icons.tsx'
import { toLength, useBytes } from '../sizes.ts'
import { CameraIcon } from '../icons.tsx'
import { CardActs } from './card-acts.tsx'
import { CoverDialog } from './cover-dialog.tsx'
import type { Desk } from './desk.ts'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import type { Keeping } from './keep-fields.ts'
import { StageOf } from './stage-of.tsx'
import { useFilm } from './use-desk.ts'
import './film-card.css'
import '../film-length.css'

type Props = { desk: Desk; film: FilmOnItsWay; username: string; isAlone: boolean }

/** One film: its picture, how far it is, and what is said of it, which may be written from the first moment on. */
export function FilmCard({ desk, film, username, isAlone }: Props) {
  const t = useTranslations('making.card')
  const view = useFilm(film)
  const { fields, keeping, hasPassword, stage } = view
  const failure = keeping.state === 'failed' ? keeping.failure : undefined
  const name = fields.title.trim() || view.fileName
  const isOurs = stage.at !== 'elsewhere'
  return (
    <article className="film-card" aria-label={name} data-at={stage.at}>
      <Still film={film} view={view} name={name} isOurs={isOurs} />
      <div className="film-main">
        <div className="film-top">
          <Labelled label={t('title')} isLabelUnseen error={fields.title.trim() === '' ? t('titleMissing') : failure?.textFor('title')}>
            {(parts) => (
              <input
                {...parts}
                className="control film-title"
                type="text"
                maxLength={200}
                value={fields.title}
                disabled={!isOurs}
                onChange={(event) => film.write('title', event.target.value)}
              />
            )}
          </Labelled>
          <CardActs desk={desk} film={film} view={view} name={name} />
        </div>
        <FileFacts view={view} />
        <StageOf desk={desk} film={film} view={view} username={username} />
        {isOurs ? (
          <More title={t('more', { visibility: t(`now.${fields.visibility}`) })} isOpen={isAlone}>
            <MoreFields fields={fields} hasPassword={hasPassword} write={(field, value) => film.write(field, value)} failure={failure} />
          </More>
        ) : null}
        <Kept keeping={keeping} />
      </div>
    </article>
  )
}

type StillProps = { film: FilmOnItsWay; view: FilmView; name: string; isOurs: boolean }

function Still({ film, view, name, isOurs }: StillProps) {
  const t = useTranslations('making.cover')
  const { still, facts, coverFailure } = view
  const toText = useFailureText()
  const [isChoosing, setIsChoosing] = useState(false)
  const url = useMemo(() => (still ? URL.createObjectURL(still) : undefined), [still])
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url])
  return (
    <div className="film-side">
      <div className="film-still">
        {url ? <img src={url} alt="" /> : <FilmsIcon />}
        {facts ? <span className="film-length count">{toLength(facts.durationMs)}</span> : null}
      </div>
      {isOurs ? (
        <Button size="small" look="bare" icon={CameraIcon} aria-label={t('chooseFor', { name })} onClick={() => setIsChoosing(true)}>
          {t('title')}
        </Button>
      ) : null}
      {coverFailure ? (
        <p className="film-cover-refused" role="alert">
          {t('refused', { words: toText(coverFailure) })}
        </p>
      ) : null}
      <CoverDialog film={film} view={view} name={name} isOpen={isChoosing} close={() => setIsChoosing(false)} />
    </div>
  )
}

function FileFacts({ view: { fileName, size, facts } }: { view: FilmView }) {
  const toBytes = useBytes()
  return (
    <p className="film-facts count">
      <span className="film-name">{fileName}</span>
      <span>{toBytes(size)}</span>
      {facts ? <span>{`${facts.width} × ${facts.height}`}</span> : null}
    </p>
  )
}

function More({ title, isOpen, children }: { title: string; isOpen: boolean; children: ReactNode }) {
  return (
    <details className="film-more" open={isOpen}>
      <summary>{title}</summary>
      <div className="film-fields">{children}</div>
    </details>
  )
}

/** Whether what was typed is with the server. Where the server says no, it says why beside the field, or here. */
function Kept({ keeping }: { keeping: Keeping }) {
  const t = useTranslations('making.card')
  const id = useId()
  const { state } = keeping
  const isRefused = state === 'failed' && keeping.failure.facts.kind === 'refused'
  const text = isRefused && keeping.failure.facts.kind === 'refused' ? keeping.failure.facts.text : t(`keeping.${state}`)
  return (
    <p className="film-kept" data-state={state} id={id} role="status">
      {text}
    </p>
  )
}
