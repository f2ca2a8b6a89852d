import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { Button } from '#web/ui/button.tsx'
import { useMany } from './use-many.ts'
import { useRestore } from './use-restore.ts'

type Props = { username: string; videos: readonly Video[]; close(): void; then?(): void }

/** Said before it is done; for a day it can be undone. */
export function DeleteFilms({ username, videos, close, then }: Props) {
  const t = useTranslations('making.studio')
  const words = useTranslations('shell.words')
  const { busy, run } = useMany(username)
  const { restore } = useRestore(username)

  async function remove() {
    const ids = videos.map(({ id }) => id)
    const undo = { text: t('undo'), act: () => restore(ids) }
    const isDone = await run({ videos, done: 'deleted', work: (api, path) => api.send('DELETE', path), undo })
    close()
    if (isDone) then?.()
  }

  const names = videos.slice(0, 5).map(({ title }) => title)
  return (
    <>
      <p>{t('deleteText', { count: videos.length })}</p>
      <ul className="studio-named">
        {names.map((title, at) => (
          <li key={`${at} ${title}`}>{title}</li>
        ))}
        {videos.length > names.length ? <li>{t('andMore', { count: videos.length - names.length })}</li> : null}
      </ul>
      <div className="form-acts">
        <Button look="danger" isBusy={busy} onClick={remove}>
          {t('delete')}
        </Button>
        <Button look="bare" onClick={close}>
          {words('cancel')}
        </Button>
      </div>
    </>
  )
}
