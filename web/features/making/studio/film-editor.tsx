import { type FormEvent, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link, useLocation } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { FailureText } from '#web/ui/failure-text.tsx'
import { BackIcon } from '#web/ui/icons.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { MoreFields } from '../fields/film-fields.tsx'
import { Labelled } from '#web/ui/labelled.tsx'
import { BinIcon, GoOnIcon } from '../icons.tsx'
import { isPlayable, ownFilm } from './api.ts'
import { DeleteFilms } from './delete-films.tsx'
import { linkTo } from './film-acts.tsx'
import { FilmState } from './film-state.tsx'
import { StudioStill } from './film-still.tsx'
import { TalkFields } from './talk-fields.tsx'
import { useFilmDraft } from './use-film-draft.ts'
import { useGrown } from './use-grown.ts'
import './studio.css'

type Props = { username: string; vid: string }

/** Everything that its maker says of one film. */
export function FilmEditor({ username, vid }: Props) {
  const t = useTranslations('making.studio')
  const { data, error, refetch } = useReading(ownFilm(username, vid))
  const toGrown = useGrown(username)
  return (
    <div className="studio">
      <Link className="studio-back" href="/studio">
        <BackIcon />
        {t('title')}
      </Link>
      {error && !data ? <FailedNotice level={1} failure={error} retry={refetch} /> : null}
      {!data && !error ? <Shape lines={5} /> : null}
      {data ? <Editor username={username} video={toGrown(data)} /> : null}
    </div>
  )
}

function Editor({ username, video }: { username: string; video: Video }) {
  const t = useTranslations('making.studio')
  const card = useTranslations('making.card')
  const words = useTranslations('shell.words')
  const { draft, change, write, isChanged, isSaving, failure, save } = useFilmDraft(username, video)
  useWarning(isChanged)

  function submit(event: FormEvent) {
    event.preventDefault()
    void save()
  }

  return (
    <>
      <h1>{video.title}</h1>
      <div className="editor">
        <form className="editor-form" onSubmit={submit} noValidate>
          {failure && failure.facts.kind !== 'refused' ? (
            <p className="form-failure" role="alert">
              <FailureText failure={failure} />
            </p>
          ) : null}
          <Labelled label={card('title')} error={failure?.textFor('title')}>
            {(parts) => (
              <input
                {...parts}
                className="control"
                type="text"
                required
                maxLength={200}
                value={draft.title}
                onChange={(event) => write('title', event.target.value)}
              />
            )}
          </Labelled>
          <MoreFields
            fields={draft}
            hasPassword={video.visibility === 'password'}
            write={(name, value) => change({ [name]: value })}
            failure={failure}
          />
          <Labelled label={t('publishAt')} hint={t('publishHint')} error={failure?.textFor('publishAt')}>
            {(parts) => (
              <input
                {...parts}
                className="control"
                type="datetime-local"
                value={draft.publishAt}
                onChange={(event) => write('publishAt', event.target.value)}
              />
            )}
          </Labelled>
          <TalkFields draft={draft} write={write} />
          <div className="form-acts editor-save">
            <Button look="lamp" type="submit" isBusy={isSaving} disabled={!isChanged}>
              {words('save')}
            </Button>
            <span className="studio-more" role="status">
              {isChanged ? t('unsaved') : ''}
            </span>
          </div>
        </form>
        <Aside username={username} video={video} />
      </div>
    </>
  )
}

function Aside({ username, video }: { username: string; video: Video }) {
  const t = useTranslations('making.studio')
  const words = useTranslations('shell.words')
  const [, go] = useLocation()
  const [isDeleting, setIsDeleting] = useState(false)
  return (
    <aside className="editor-aside" aria-label={t('film')}>
      <StudioStill video={video} width={640} />
      <FilmState video={video} />
      {video.fileName ? <p className="studio-more">{video.fileName}</p> : null}
      <div className="form-acts">
        {isPlayable(video) ? (
          <ButtonLink size="small" icon={GoOnIcon} to={`/watch/${video.id}`}>
            {t('watch')}
          </ButtonLink>
        ) : null}
        <CopyButton text={linkTo(video.id)} label={words('copy')} />
        <Button size="small" look="danger" icon={BinIcon} onClick={() => setIsDeleting(true)}>
          {t('delete')}
        </Button>
      </div>
      <Dialog title={t('deleteTitle', { count: 1 })} isOpen={isDeleting} close={() => setIsDeleting(false)}>
        {isDeleting ? (
          <DeleteFilms
            username={username}
            videos={[video]}
            close={() => setIsDeleting(false)}
            then={() => go('/studio', { replace: true })}
          />
        ) : null}
      </Dialog>
    </aside>
  )
}

/** What was typed and not saved is not lost by a careless key. */
function useWarning(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isChanged])
}
