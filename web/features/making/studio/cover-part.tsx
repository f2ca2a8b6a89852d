import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { FrameFinder } from '../finder/frame-finder.tsx'
import { CameraIcon, FolderIcon } from '../icons.tsx'
import { isPlayable, pathOfAll, toFindable } from './api.ts'
import { StudioStill } from './film-still.tsx'
import { NotYet } from './not-yet.tsx'

type Props = { username: string; video: Video }

const accepted = 'image/jpeg,image/png,image/webp,image/avif'
const mostBytes = 10 * 1024 * 1024
/** The picture is made by a worker of the house: until it is there, it is asked for. */
const askMs = 1000

/** The picture that stands for the film: a frame of it, or one's own. */
export function CoverPart({ username, video }: Props) {
  const t = useTranslations('studio.cover')
  const [atMs, setAtMs] = useState(Math.round((video.durationMs ?? 0) * 0.1))
  const input = useRef<HTMLInputElement>(null)
  const { busy, isWaiting, choose } = useCover(username, video)
  if (!isPlayable(video) || video.durationMs === null) return <NotYet />

  function chosen({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    target.value = ''
    if (file) choose({ file })
  }

  return (
    <div className="part">
      <p className="studio-more">{t('text')}</p>
      <FrameFinder film={toFindable(video)} atMs={atMs} look={setAtMs} />
      <div className="form-acts">
        <Button look="lamp" icon={CameraIcon} isBusy={busy} onClick={() => choose({ atMs })}>
          {t('take')}
        </Button>
        <Button icon={FolderIcon} isBusy={busy} onClick={() => input.current?.click()}>
          {t('own')}
        </Button>
        <input ref={input} type="file" accept={accepted} aria-label={t('own')} hidden onChange={chosen} />
      </div>
      <figure className="cover-now" aria-busy={isWaiting}>
        <figcaption className="field-label">{isWaiting ? t('making') : t('now')}</figcaption>
        <StudioStill video={video} width={640} />
      </figure>
    </div>
  )
}

type Cover = { atMs: number } | { file: File }

function useCover(username: string, video: Video) {
  const t = useTranslations('studio.cover')
  const say = useSay()
  const failureText = useFailureText()
  const { forget } = useReadings()
  const { busy, run } = useDeeds()
  const [before, setBefore] = useState<number>()
  const revision = video.poster?.revision ?? 0
  const isWaiting = before !== undefined && before === revision

  useEffect(() => {
    if (before === undefined) return
    if (!isWaiting) {
      setBefore(undefined)
      return say({ look: 'done', text: t('done') })
    }
    const timer = setInterval(() => void forget(`${pathOfAll(username)}/${video.id}`), askMs)
    return () => clearInterval(timer)
  }, [before, isWaiting, forget, say, t, username, video.id])

  async function choose(cover: Cover) {
    if ('file' in cover && cover.file.size > mostBytes) return say({ look: 'failed', text: t('tooLarge') })
    const outcome = await run('cover', (api) =>
      'file' in cover
        ? api.send('PUT', `/videos/${video.id}/poster/picture`, cover.file)
        : api.send('PUT', `/videos/${video.id}/poster`, { atMs: cover.atMs }),
    )
    if (outcome.state === 'done') setBefore(revision)
    if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
  }

  return { busy: busy !== undefined, isWaiting, choose: (cover: Cover) => void choose(cover) }
}
