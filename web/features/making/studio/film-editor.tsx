import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link, useLocation, useSearch } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { BackIcon, UploadIcon } from '#web/ui/icons.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { BinIcon, GoOnIcon } from '../icons.tsx'
import { isPlayable, ownFilm } from './api.ts'
import { ChaptersPart } from './chapters-part.tsx'
import { CoverPart } from './cover-part.tsx'
import { DeleteFilms } from './delete-films.tsx'
import { DetailsPart } from './details-part.tsx'
import { FiguresPart } from './figures-part.tsx'
import { linkTo } from './film-acts.tsx'
import { FilmState } from './film-state.tsx'
import { StudioStill } from './film-still.tsx'
import { SubtitlesPart } from './subtitles-part.tsx'
import { useGrown } from './use-grown.ts'
import './parts.css'
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

const parts = ['details', 'cover', 'subtitles', 'chapters', 'figures'] as const
type Part = (typeof parts)[number]

const partOf = (search: string): Part => parts.find((part) => part === new URLSearchParams(search).get('part')) ?? 'details'

function Editor({ username, video }: { username: string; video: Video }) {
  const part = partOf(useSearch())
  return (
    <>
      <h1>{video.title}</h1>
      <Parts vid={video.id} here={part} />
      <div className="editor" data-part={part}>
        <PartOf part={part} username={username} video={video} />
        <Aside username={username} video={video} />
      </div>
    </>
  )
}

/** Each part of a film has its own address. */
function Parts({ vid, here }: { vid: string; here: Part }) {
  const t = useTranslations('studio.parts')
  return (
    <nav className="parts" aria-label={t('label')}>
      {parts.map((part) => (
        <Link
          key={part}
          className="parts-link"
          href={part === 'details' ? `/studio/${vid}` : `/studio/${vid}?part=${part}`}
          aria-current={part === here ? 'page' : undefined}
        >
          {t(part)}
        </Link>
      ))}
    </nav>
  )
}

function PartOf({ part, username, video }: { part: Part; username: string; video: Video }) {
  switch (part) {
    case 'details':
      return <DetailsPart username={username} video={video} />
    case 'cover':
      return <CoverPart username={username} video={video} />
    case 'subtitles':
      return <SubtitlesPart video={video} />
    case 'chapters':
      return <ChaptersPart username={username} video={video} />
    case 'figures':
      return <FiguresPart video={video} />
  }
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
        <ButtonLink size="small" icon={UploadIcon} to={`/upload-films?into=${video.id}`}>
          {video.generation > 0 ? t('replaceFile') : t('sendFile')}
        </ButtonLink>
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
