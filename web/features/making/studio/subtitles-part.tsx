import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { TextList } from '#shared/api/films.ts'
import type { Video } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { BinIcon, PenIcon } from '../icons.tsx'
import { AddSubtitles } from './add-subtitles.tsx'
import { textsOf } from './api.ts'
import { CueEditor } from './cue-editor.tsx'
import { useLanguageName } from './languages.ts'

type Text = TextList['items'][number]

/** The subtitles of a film: what there is, what is added, and the words themselves. */
export function SubtitlesPart({ video }: { video: Video }) {
  const t = useTranslations('studio.subtitles')
  const { data, error, refetch } = useReading(textsOf(video.id))
  const [opened, setOpened] = useState<string>()
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape lines={3} />
  const text = data.items.find(({ id }) => id === opened)
  if (text) return <CueEditor key={text.id} video={video} text={text} close={() => setOpened(undefined)} />
  return (
    <div className="part">
      <p className="studio-more">{t('text')}</p>
      {data.items.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <ul className="texts" role="list" aria-label={t('title')}>
          {data.items.map((item) => (
            <TextRow key={item.id} vid={video.id} text={item} open={() => setOpened(item.id)} />
          ))}
        </ul>
      )}
      <AddSubtitles vid={video.id} />
    </div>
  )
}

function TextRow({ vid, text, open }: { vid: string; text: Text; open(): void }) {
  const t = useTranslations('studio.subtitles')
  const toName = useLanguageName()
  const [isRemoving, setIsRemoving] = useState(false)
  const name = toName(text.language)
  const label = text.label === text.language ? name : text.label
  return (
    <li className="text-row">
      <span className="text-words">
        <span>{label}</span>
        {text.kind === 'picture' || label !== name ? (
          <span className="studio-more">{text.kind === 'picture' ? t('picture', { name }) : name}</span>
        ) : null}
      </span>
      {text.kind === 'picture' ? null : <IconButton icon={PenIcon} label={t('editOne', { name: label })} onClick={open} />}
      <IconButton icon={BinIcon} label={t('removeOne', { name: label })} onClick={() => setIsRemoving(true)} />
      <Dialog title={t('removeTitle')} isOpen={isRemoving} close={() => setIsRemoving(false)}>
        {isRemoving ? <Remove vid={vid} id={text.id} label={label} close={() => setIsRemoving(false)} /> : null}
      </Dialog>
    </li>
  )
}

function Remove({ vid, id, label, close }: { vid: string; id: string; label: string; close(): void }) {
  const t = useTranslations('studio.subtitles')
  const words = useTranslations('shell.words')
  const say = useSay()
  const failureText = useFailureText()
  const { busy, run } = useDeeds()

  async function remove() {
    const outcome = await run('remove', (api) => api.send('DELETE', `/videos/${vid}/subtitles/${id}`), [textsOf(vid).path])
    if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
    else close()
  }

  return (
    <>
      <p>{t('removeText', { name: label })}</p>
      <div className="form-acts">
        <Button look="danger" isBusy={busy !== undefined} onClick={remove}>
          {t('remove')}
        </Button>
        <Button look="bare" onClick={close}>
          {words('cancel')}
        </Button>
      </div>
    </>
  )
}
