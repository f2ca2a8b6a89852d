import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { AdminFilm } from '#shared/api/curation.ts'
import type { AdminPeopleAnswer } from '#shared/api/admin.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { reading, useReading } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { StudioStill } from '../studio/film-still.tsx'
import { Running } from './running.tsx'
import type { HouseDeeds } from './use-house-deeds.ts'

export type HouseDialog = 'hand over' | 'merge' | 'delete'

type Props = { films: readonly AdminFilm[]; deeds: HouseDeeds; open: HouseDialog | undefined; close(): void; then?(): void }

/** What is asked before it is done: whose it is to be, which of them stays, whether it is to go. */
export function HouseDialogs(props: Props) {
  const t = useTranslations('allFilms')
  const { films, open, close } = props
  const count = films.length
  const title =
    open === 'hand over' ? t('handOverTitle', { count }) : open === 'merge' ? t('mergeTitle', { count }) : t('deleteTitle', { count })
  return (
    <Dialog title={title} isOpen={open !== undefined} close={close}>
      {open === 'hand over' ? <HandOver {...props} /> : null}
      {open === 'merge' ? <Merge {...props} /> : null}
      {open === 'delete' ? <Delete {...props} /> : null}
    </Dialog>
  )
}

function Acts({ deeds, close, text, look, isReady, act }: Pick<Props, 'deeds' | 'close'> & ActProps) {
  const words = useTranslations('shell.words')
  if (deeds.progress) return <Running deeds={deeds} />
  return (
    <div className="form-acts">
      <Button look={look} disabled={!isReady} onClick={act}>
        {text}
      </Button>
      <Button look="bare" onClick={close}>
        {words('cancel')}
      </Button>
    </div>
  )
}
type ActProps = { text: string; look: 'lamp' | 'danger'; isReady: boolean; act(): void }

function Delete({ films, deeds, close, then }: Props) {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  async function act() {
    const isDone = await deeds.remove(films)
    close()
    if (isDone) then?.()
  }
  return (
    <>
      <p>{t('deleteText', { count: films.length })}</p>
      <Named films={films} />
      <Acts deeds={deeds} close={close} text={studio('delete')} look="danger" isReady act={() => void act()} />
    </>
  )
}

function Named({ films }: { films: readonly AdminFilm[] }) {
  const studio = useTranslations('making.studio')
  const shown = films.slice(0, 5)
  return (
    <ul className="studio-named">
      {shown.map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
      {films.length > shown.length ? <li>{studio('andMore', { count: films.length - shown.length })}</li> : null}
    </ul>
  )
}

/** Whose name begins as it is typed, to choose from; the name itself counts. */
function HandOver({ films, deeds, close, then }: Props) {
  const t = useTranslations('allFilms')
  const [to, setTo] = useState('')
  const people = useReading(
    reading<AdminPeopleAnswer>(`/admin/people?${new URLSearchParams({ q: to.trim(), state: 'active', limit: '8' })}`),
  )
  const api = useApi()
  const failureText = useFailureText()
  const [failure, setFailure] = useState<string>()
  async function act() {
    try {
      // Said here, beside the name, and not once for each film.
      await api.get(`/user/${encodeURIComponent(to.trim())}`)
    } catch (reason) {
      return setFailure(reason instanceof ApiFailure ? failureText(reason) : undefined)
    }
    setFailure(undefined)
    const isDone = await deeds.handOver(films, to.trim())
    if (!isDone) return
    close()
    then?.()
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (to.trim() !== '' && !deeds.progress) void act()
      }}
    >
      <p>{t('handOverText', { count: films.length })}</p>
      <Named films={films} />
      <label className="field">
        <span className="field-label">{t('handOverTo')}</span>
        <input
          className="control"
          aria-invalid={failure !== undefined || undefined}
          list="hand-over-people"
          value={to}
          autoComplete="off"
          onChange={(event) => setTo(event.target.value)}
        />
        <datalist id="hand-over-people">
          {people.data?.items.map(({ username, displayName }) => (
            <option key={username} value={username}>
              {displayName}
            </option>
          ))}
        </datalist>
      </label>
      {failure ? (
        <p className="form-failure" role="alert">
          {failure}
        </p>
      ) : null}
      <Acts deeds={deeds} close={close} text={t('handOver')} look="lamp" isReady={to.trim() !== ''} act={() => void act()} />
    </form>
  )
}

/** Which of them stays: the oldest, unless somebody says otherwise. */
function Merge({ films, deeds, close, then }: Props) {
  const t = useTranslations('allFilms')
  const studio = useTranslations('making.studio')
  const [kept, setKept] = useState(() => films.reduce((oldest, { id }) => (id < oldest ? id : oldest), films[0]?.id ?? ''))
  async function act() {
    const isDone = await deeds.merge(
      films.filter(({ id }) => id !== kept),
      kept,
    )
    close()
    if (isDone) then?.()
  }
  return (
    <>
      <p>{t('mergeText')}</p>
      <fieldset className="merge-choice">
        <legend>{t('mergeKept')}</legend>
        {films.map((film) => (
          <label className="merge-film" key={film.id}>
            <input type="radio" name="kept" checked={kept === film.id} onChange={() => setKept(film.id)} />
            <StudioStill video={film} width={320} />
            <span className="studio-words">
              <span className="studio-title">{film.title}</span>
              <span className="studio-more">
                {film.owner.displayName || film.owner.username} · <Moment at={film.createdAt} /> · {t('viewed', { count: film.views })}
              </span>
              <span className="studio-more">{studio(`states.${film.state}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Acts deeds={deeds} close={close} text={t('mergeAct')} look="danger" isReady={kept !== ''} act={() => void act()} />
    </>
  )
}
