import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { AdminFilm } from '#shared/api/curation.ts'
import type { Api } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { hiddenOf, houseOf, ownOf } from './api.ts'

export type Done = 'featured' | 'unfeatured' | 'hidden' | 'shown' | 'changed' | 'deleted' | 'handedOver' | 'merged' | 'restored'
type Work = (api: Api, film: AdminFilm) => Promise<unknown>
type Progress = { done: number; of: number }

export type HouseDeeds = {
  /** How far the deed is that is under way. */
  progress: Progress | undefined
  /** After the film that is being changed just now. */
  stop(): void
  feature(films: readonly AdminFilm[], isOn: boolean): Promise<boolean>
  hide(films: readonly AdminFilm[], isOn: boolean): Promise<boolean>
  show(films: readonly AdminFilm[], visibility: string): Promise<boolean>
  remove(films: readonly AdminFilm[]): Promise<boolean>
  handOver(films: readonly AdminFilm[], to: string): Promise<boolean>
  merge(films: readonly AdminFilm[], into: string): Promise<boolean>
}

/** The same with one film or many, one after another: what fails stops nothing else, and is counted with its reason. */
export function useHouseDeeds(): HouseDeeds {
  const t = useTranslations('allFilms.done')
  const say = useSay()
  const failureText = useFailureText()
  const { run } = useDeeds()
  const [progress, setProgress] = useState<Progress>()
  const isStopped = useRef(false)

  async function each(done: Done, films: readonly AdminFilm[], work: Work, undo?: () => void): Promise<boolean> {
    const failures: ApiFailure[] = []
    let count = 0
    isStopped.current = false
    const outcome = await run(
      done,
      async (api) => {
        for (const [place, film] of films.entries()) {
          if (isStopped.current) return
          setProgress({ done: place, of: films.length })
          await work(api, film).then(
            () => count++,
            (error: unknown) => failures.push(known(error)),
          )
        }
      },
      ['/admin/films', '/admin/audit', '/home', '/user/'],
    )
    setProgress(undefined)
    if (outcome.state === 'passed over') return false
    const [first] = failures
    if (first) say({ look: 'failed', text: t('partly', { count, failed: failures.length, why: failureText(first) }) })
    else say({ look: 'done', text: t(done, { count }), ...(undo && count > 0 ? { undo: { text: t('undo'), act: undo } } : {}) })
    return !first
  }

  const restore = (films: readonly AdminFilm[]) => each('restored', films, (api, film) => api.send('POST', `${ownOf(film)}/restore`))
  return {
    progress,
    stop: () => {
      isStopped.current = true
    },
    feature: (films, isOn) =>
      each(isOn ? 'featured' : 'unfeatured', films, (api, film) => api.send(isOn ? 'PUT' : 'DELETE', `${houseOf(film)}/featured`)),
    hide: (films, isOn) => each(isOn ? 'hidden' : 'shown', films, (api, film) => api.send(isOn ? 'PUT' : 'DELETE', hiddenOf(film))),
    show: (films, visibility) => each('changed', films, (api, film) => api.send('PATCH', ownOf(film), { visibility })),
    remove: (films) =>
      each(
        'deleted',
        films,
        (api, film) => api.send('DELETE', ownOf(film)),
        () => void restore(films),
      ),
    handOver: (films, to) => each('handedOver', films, (api, film) => api.send('PUT', `${houseOf(film)}/owner`, { to })),
    merge: (films, into) => each('merged', films, (api, film) => api.send('POST', `${houseOf(film)}/merge`, { into })),
  }
}

function known(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure({ kind: 'broken', status: 0 }, { cause: error })
}
