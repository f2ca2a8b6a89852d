import { memo, useCallback, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { TextList } from '#shared/api/films.ts'
import type { Video } from '#shared/api/videos.ts'
import { ApiFailure, toFailure } from '#web/lib/failure.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { Labelled } from '#web/ui/labelled.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { FrameFinder } from '../finder/frame-finder.tsx'
import { BinIcon } from '../icons.tsx'
import { textsOf, toFindable } from './api.ts'
import { TimeField } from './time-field.tsx'
import { useWarning } from './use-warning.ts'
import { readCues, shiftCues, type TextCue, writeCues } from './webvtt.ts'

type Props = { video: Video; text: TextList['items'][number]; close(): void }

/** Subtitles line by line: what is said, from when to when, and all of it moved where it comes too early or too late. */
export function CueEditor({ video, text, close }: Props) {
  const t = useTranslations('studio.cues')
  const words = useTranslations('shell.words')
  const { cues, failure, again } = useCues(video, text.id)
  const [changed, setChanged] = useState<readonly TextCue[]>()
  const [atMs, setAtMs] = useState(0)
  const { isBusy, save } = useSaving(video.id, text)
  useWarning(changed !== undefined)
  const write = useCallback(
    (key: number, some: Partial<TextCue> | undefined) => {
      setChanged((before) => (before ?? cues ?? []).flatMap((cue) => (cue.key === key ? (some ? [{ ...cue, ...some }] : []) : [cue])))
    },
    [cues],
  )
  if (failure) return <FailedNotice failure={failure} retry={again} />
  if (!cues) return <Shape lines={5} />
  const shown = changed ?? cues
  return (
    <div className="part">
      <FrameFinder film={toFindable(video)} atMs={atMs} look={setAtMs} />
      <p className="cue-now" aria-live="off">
        {shown.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)?.text ?? ' '}
      </p>
      <Shift shift={(byMs) => setChanged(shiftCues(shown, byMs))} />
      <ol className="cues" role="list" aria-label={t('lines')}>
        {shown.map((cue) => (
          <Cue key={cue.key} cue={cue} write={write} look={setAtMs} />
        ))}
      </ol>
      <div>
        <Button size="small" onClick={() => setChanged(withNew(shown, atMs))}>
          {t('add')}
        </Button>
      </div>
      <div className="form-acts editor-save">
        <Button look="lamp" isBusy={isBusy} disabled={changed === undefined} onClick={async () => (await save(shown)) && close()}>
          {words('save')}
        </Button>
        <Button look="bare" onClick={close}>
          {changed === undefined ? t('close') : words('cancel')}
        </Button>
      </div>
    </div>
  )
}

const withNew = (cues: readonly TextCue[], atMs: number): TextCue[] => {
  const cue = { key: Math.max(-1, ...cues.map(({ key }) => key)) + 1, fromMs: atMs, toMs: atMs + 2000, text: '' }
  return [...cues, cue].toSorted((a, b) => a.fromMs - b.fromMs)
}

type CueProps = { cue: TextCue; write(key: number, some: Partial<TextCue> | undefined): void; look(atMs: number): void }

const Cue = memo(function Cue({ cue: { key, fromMs, toMs, text }, write, look }: CueProps) {
  const t = useTranslations('studio.cues')
  return (
    <li className="cue">
      <TimeField isNeeded isLabelUnseen label={t('from')} atMs={fromMs} write={(ms) => ms !== null && write(key, { fromMs: ms })} />
      <TimeField isNeeded isLabelUnseen label={t('to')} atMs={toMs} write={(ms) => ms !== null && write(key, { toMs: ms })} />
      <textarea
        className="control cue-text"
        aria-label={t('line')}
        rows={1}
        maxLength={1000}
        value={text}
        onFocus={() => look(fromMs)}
        onChange={(event) => write(key, { text: event.target.value })}
      />
      <IconButton icon={BinIcon} label={t('remove')} onClick={() => write(key, undefined)} />
    </li>
  )
})

function Shift({ shift }: { shift(byMs: number): void }) {
  const t = useTranslations('studio.cues')
  const [seconds, setSeconds] = useState('')
  const byMs = Math.round(Number(seconds.replace(',', '.').replace('−', '-')) * 1000)
  const isUsable = seconds.trim() !== '' && Number.isFinite(byMs) && byMs !== 0 && Math.abs(byMs) < 86_400_000
  return (
    <div className="shift">
      <Labelled label={t('shift')} hint={t('shiftHint')}>
        {(parts) => (
          <input
            {...parts}
            className="control time-field count"
            type="text"
            size={7}
            placeholder="-1.5"
            value={seconds}
            onChange={(event) => setSeconds(event.target.value)}
          />
        )}
      </Labelled>
      <Button
        disabled={!isUsable}
        onClick={() => {
          shift(byMs)
          setSeconds('')
        }}
      >
        {t('shiftNow')}
      </Button>
    </div>
  )
}

/** The words as they stand in the house, past what the browser keeps. */
function useCues({ id: vid, generation }: Video, id: string) {
  const [cues, setCues] = useState<readonly TextCue[]>()
  const [failure, setFailure] = useState<ApiFailure>()
  const [count, setCount] = useState(0)
  useEffect(() => {
    const away = new AbortController()
    setFailure(undefined)
    readText(`/stream/${vid}/${generation}/texts/${id}.vtt`, away.signal).then(
      (file) => setCues(readCues(file)),
      (reason: unknown) =>
        away.signal.aborted || setFailure(reason instanceof ApiFailure ? reason : new ApiFailure({ kind: 'unreachable' })),
    )
    return () => away.abort()
  }, [vid, generation, id, count])
  return { cues, failure, again: () => setCount(count + 1) }
}

async function readText(address: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal, cache: 'no-cache' })
  if (!answer.ok) throw toFailure(answer.status, await answer.json().catch(() => undefined), answer.headers)
  return await answer.text()
}

function useSaving(vid: string, { id, language, label }: Props['text']) {
  const t = useTranslations('studio.cues')
  const say = useSay()
  const failureText = useFailureText()
  const { busy, run } = useDeeds()
  return {
    isBusy: busy !== undefined,
    async save(cues: readonly TextCue[]): Promise<boolean> {
      const body = new Blob([writeCues(cues)], { type: 'text/vtt' })
      const query = new URLSearchParams({ language, label })
      const outcome = await run('save', (api) => api.send('PUT', `/videos/${vid}/subtitles/${id}?${query}`, body), [textsOf(vid).path])
      if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
      if (outcome.state === 'done') say({ look: 'done', text: t('saved') })
      return outcome.state === 'done'
    },
  }
}
