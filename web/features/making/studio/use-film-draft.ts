import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ChangeVideoBody, Video } from '#shared/api/videos.ts'
import { useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import type { ApiFailure } from '#web/lib/failure.ts'
import { useSay } from '#web/ui/status.tsx'
import { type FilmFields, toChange } from '../fields/film-fields.ts'
import { ownFilm, pathOfAll } from './api.ts'
import { fromLines, linesOf, toLines } from './lines.ts'

type Switches = Pick<Video, 'commentRule' | 'slowModeS' | 'isDanmakuOn' | 'isDownloadable' | 'embedding'>
/** Lists are written as lines, and a year as digits. */
type Written = { publishAt: string; year: string; language: string; cast: string; embedSites: string; blockedWords: string }
export type FilmDraft = FilmFields & Switches & Written
export type WriteDraft = <N extends keyof FilmDraft>(name: N, value: FilmDraft[N]) => void

/** What stands in the fields of the editor: only what was changed there is sent, so that others' changes of the rest stay. */
export function useFilmDraft(username: string, video: Video) {
  const t = useTranslations('making.studio.done')
  const say = useSay()
  const { put } = useReadings()
  const { busy, run } = useDeeds()
  const [changes, setChanges] = useState<Partial<FilmDraft>>({})
  const [failure, setFailure] = useState<ApiFailure>()
  const draft: FilmDraft = { ...draftOf(video), ...changes }

  async function save(): Promise<void> {
    const body = bodyOf(draft, changes, video.visibility === 'password')
    const outcome = await run(
      'save',
      async (api) => put(ownFilm(username, video.id), await api.send<Video>('PATCH', `${pathOfAll(username)}/${video.id}`, body)),
      [`${pathOfAll(username)}?`],
    )
    setFailure(outcome.state === 'failed' ? outcome.failure : undefined)
    if (outcome.state !== 'done') return
    setChanges({})
    say({ look: 'done', text: t('changed', { count: 1 }) })
  }

  const change = (some: Partial<FilmDraft>) => setChanges((before) => ({ ...before, ...some }))
  const write: WriteDraft = (name, value) => change({ [name]: value })
  return { draft, change, write, isChanged: Object.keys(changes).length > 0, isSaving: busy !== undefined, failure, save }
}

function draftOf(video: Video): FilmDraft {
  const { title, description, tags, visibility, commentRule, slowModeS, isDanmakuOn, isDownloadable, embedding } = video
  return {
    ...{ title, description, tags, visibility, password: '', commentRule, slowModeS, isDanmakuOn, isDownloadable, embedding },
    publishAt: toLocal(video.publishAt),
    year: video.year === null ? '' : String(video.year),
    language: video.language ?? '',
    cast: toLines(video.cast),
    embedSites: (video.embedSites ?? []).join('\n'),
    blockedWords: (video.blockedWords ?? []).join('\n'),
  }
}

function bodyOf(draft: FilmDraft, changes: Partial<FilmDraft>, hasPassword: boolean): ChangeVideoBody {
  const { publishAt, year, language, cast, embedSites, blockedWords, ...rest } = changes
  const { commentRule, slowModeS, isDanmakuOn, isDownloadable, embedding, ...fields } = rest
  const names = new Set(Object.keys(fields) as (keyof FilmFields)[])
  return {
    ...toChange(draft, names, hasPassword),
    // Emptied, the server is to say what is wrong with it.
    ...(changes.title === undefined ? {} : { title: changes.title.trim() }),
    ...(changes.visibility === undefined ? {} : { visibility: changes.visibility }),
    ...(publishAt === undefined ? {} : { publishAt: publishAt === '' ? null : new Date(publishAt).toISOString() }),
    ...(year === undefined ? {} : { year: year.trim() === '' ? null : Number(year) }),
    ...(language === undefined ? {} : { language: language === '' ? null : language }),
    ...(cast === undefined ? {} : { cast: fromLines(cast) }),
    ...(embedSites === undefined ? {} : { embedSites: linesOf(embedSites) }),
    ...(blockedWords === undefined ? {} : { blockedWords: linesOf(blockedWords) }),
    ...(commentRule === undefined ? {} : { commentRule }),
    ...(slowModeS === undefined ? {} : { slowModeS }),
    ...(isDanmakuOn === undefined ? {} : { isDanmakuOn }),
    ...(isDownloadable === undefined ? {} : { isDownloadable }),
    ...(embedding === undefined ? {} : { embedding }),
  }
}

/** As the field wants it: in the time of the place, without saying which. */
function toLocal(moment: string | null): string {
  if (moment === null) return ''
  const at = new Date(moment)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
