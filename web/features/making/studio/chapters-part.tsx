import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ChangeVideoBody, Marks, Video } from '#shared/api/videos.ts'
import { useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { FrameFinder } from '../finder/frame-finder.tsx'
import { BinIcon, FirstIcon } from '../icons.tsx'
import { isPlayable, ownFilm, pathOfAll, toFindable } from './api.ts'
import { type ChapterRow, rowsOf, toChapters } from './chapter-rows.ts'
import { NotYet } from './not-yet.tsx'
import { TimeField } from './time-field.tsx'
import { useWarning } from './use-warning.ts'

type Props = { username: string; video: Video }

const markNames = ['trimStartMs', 'trimEndMs', 'introStartMs', 'introEndMs', 'creditsMs'] as const
const noMarks: Marks = { trimStartMs: null, trimEndMs: null, introStartMs: null, introEndMs: null, creditsMs: null }

/** What players know of the film's course: its chapters, where it begins and ends for people, and what may be skipped. */
export function ChaptersPart({ username, video }: Props) {
  const t = useTranslations('studio.chapters')
  const words = useTranslations('shell.words')
  const [atMs, setAtMs] = useState(0)
  const [rows, setRows] = useState<readonly ChapterRow[]>()
  const [marks, setMarks] = useState<Marks>()
  const { isBusy, save } = useSaving(username, video)
  const shownRows = rows ?? rowsOf(video.chapters)
  const shownMarks = marks ?? video.marks ?? noMarks
  const isChanged = rows !== undefined || marks !== undefined
  useWarning(isChanged)
  if (!isPlayable(video)) return <NotYet />

  async function keep(body: ChangeVideoBody) {
    if (!(await save(body))) return
    setRows(undefined)
    setMarks(undefined)
  }

  return (
    <form
      className="part"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void keep({ ...(rows ? { chapters: toChapters(rows) } : {}), ...(marks ? { marks: orNone(marks) } : {}) })
      }}
    >
      <p className="studio-more">{t('text')}</p>
      <FrameFinder film={toFindable(video)} atMs={atMs} look={setAtMs} />
      <ChapterList rows={shownRows} atMs={atMs} write={setRows} look={setAtMs} />
      <fieldset className="marks">
        <legend className="field-label">{t('marks')}</legend>
        {markNames.map((name) => (
          <div className="mark" key={name}>
            <TimeField label={t(`markNames.${name}`)} atMs={shownMarks[name]} write={(ms) => setMarks({ ...shownMarks, [name]: ms })} />
            <TakeMoment label={t('takeFor', { name: t(`markNames.${name}`) })} take={() => setMarks({ ...shownMarks, [name]: atMs })} />
          </div>
        ))}
        <p className="field-hint">{t('marksHint')}</p>
      </fieldset>
      <div className="form-acts editor-save">
        <Button look="lamp" type="submit" isBusy={isBusy} disabled={!isChanged}>
          {words('save')}
        </Button>
        <Button look="bare" isBusy={isBusy} onClick={() => keep({ chapters: null })}>
          {t('asInFile')}
        </Button>
      </div>
    </form>
  )
}

type ListProps = { rows: readonly ChapterRow[]; atMs: number; write(rows: readonly ChapterRow[]): void; look(atMs: number): void }

function ChapterList({ rows, atMs, write, look }: ListProps) {
  const t = useTranslations('studio.chapters')
  const change = (key: number, some: Partial<ChapterRow>) => write(rows.map((row) => (row.key === key ? { ...row, ...some } : row)))
  return (
    <fieldset className="chapters">
      <legend className="field-label">{t('title')}</legend>
      {rows.length === 0 ? <p className="studio-more">{t('none')}</p> : null}
      {rows.map((row, at) => (
        <div className="chapter" key={row.key}>
          <TimeField
            isNeeded
            isLabelUnseen
            label={t('start', { number: at + 1 })}
            atMs={row.startMs}
            write={(startMs) => startMs !== null && change(row.key, { startMs })}
          />
          <input
            className="control"
            type="text"
            maxLength={120}
            aria-label={t('name', { number: at + 1 })}
            value={row.title}
            onChange={(event) => change(row.key, { title: event.target.value })}
            onFocus={() => look(row.startMs)}
          />
          <TakeMoment label={t('takeFor', { name: row.title || String(at + 1) })} take={() => change(row.key, { startMs: atMs })} />
          <IconButton
            icon={BinIcon}
            label={t('remove', { name: row.title || String(at + 1) })}
            onClick={() => write(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          disabled={rows.length >= 100}
          onClick={() => write([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, startMs: atMs, title: '' }])}
        >
          {t('add')}
        </Button>
      </div>
    </fieldset>
  )
}

/** The moment that the picture above shows. */
function TakeMoment({ label, take }: { label: string; take(): void }) {
  return <IconButton icon={FirstIcon} label={label} onClick={take} />
}

const orNone = (marks: Marks) => (markNames.every((name) => marks[name] === null) ? null : marks)

function useSaving(username: string, video: Video) {
  const t = useTranslations('making.studio.done')
  const say = useSay()
  const failureText = useFailureText()
  const { put } = useReadings()
  const { busy, run } = useDeeds()
  return {
    isBusy: busy !== undefined,
    async save(body: ChangeVideoBody): Promise<boolean> {
      const outcome = await run('save', async (api) =>
        put(ownFilm(username, video.id), await api.send<Video>('PATCH', `${pathOfAll(username)}/${video.id}`, body)),
      )
      if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
      if (outcome.state === 'done') say({ look: 'done', text: t('changed', { count: 1 }) })
      return outcome.state === 'done'
    },
  }
}
