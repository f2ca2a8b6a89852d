import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ChangeVideoBody, Video } from '#shared/api/videos.ts'
import { useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import type { ApiFailure } from '#web/lib/failure.ts'
import { useSay } from '#web/ui/status.tsx'
import { type FilmFields, toChange } from '../fields/film-fields.ts'
import { ownFilm, pathOfAll } from './api.ts'

export type FilmDraft = FilmFields & Pick<Video, 'commentRule' | 'slowModeS' | 'isDanmakuOn'> & { publishAt: string }
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
  const { title, description, tags, visibility, commentRule, slowModeS, isDanmakuOn, publishAt } = video
  return { title, description, tags, visibility, password: '', commentRule, slowModeS, isDanmakuOn, publishAt: toLocal(publishAt) }
}

function bodyOf(draft: FilmDraft, changes: Partial<FilmDraft>, hasPassword: boolean): ChangeVideoBody {
  const { publishAt, commentRule, slowModeS, isDanmakuOn, ...fields } = changes
  const names = new Set(Object.keys(fields) as (keyof FilmFields)[])
  return {
    ...toChange(draft, names, hasPassword),
    // Emptied, the server is to say what is wrong with it.
    ...(changes.title === undefined ? {} : { title: changes.title.trim() }),
    ...(changes.visibility === undefined ? {} : { visibility: changes.visibility }),
    ...(publishAt === undefined ? {} : { publishAt: publishAt === '' ? null : new Date(publishAt).toISOString() }),
    ...(commentRule === undefined ? {} : { commentRule }),
    ...(slowModeS === undefined ? {} : { slowModeS }),
    ...(isDanmakuOn === undefined ? {} : { isDanmakuOn }),
  }
}

/** As the field wants it: in the time of the place, without saying which. */
function toLocal(moment: string | null): string {
  if (moment === null) return ''
  const at = new Date(moment)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
