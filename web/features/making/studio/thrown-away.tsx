import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { DeletedVideoList } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { BackIcon } from '#web/ui/icons.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { FailedNotice, Notice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { type Column, Table } from '#web/ui/table.tsx'
import { thrownAway } from './api.ts'
import { StudioStill } from './film-still.tsx'
import { useRestore } from './use-restore.ts'
import './studio.css'

type Thrown = DeletedVideoList['items'][number]

/** Films that were thrown away and can be had back for a day. */
export function ThrownAway({ username }: { username: string }) {
  const t = useTranslations('studio.thrown')
  const studio = useTranslations('making.studio')
  const { data, error, refetch } = useReading(thrownAway(username))
  const { busy, restore } = useRestore(username)
  const columns: Column<Thrown>[] = [
    { label: studio('film'), isName: true, cell: (video) => <Name video={video} /> },
    { label: t('gone'), cell: ({ goneAt }) => <Moment at={goneAt} look="ago" /> },
    {
      label: studio('acts'),
      isActs: true,
      cell: (video) => (
        <Button size="small" isBusy={busy} aria-label={`${t('restore')}: ${video.title}`} onClick={() => restore([video.id])}>
          {t('restore')}
        </Button>
      ),
    },
  ]
  return (
    <div className="studio">
      <Link className="studio-back" href="/studio">
        <BackIcon />
        {studio('title')}
      </Link>
      <header className="studio-head">
        <h1>{t('title')}</h1>
      </header>
      {error && !data ? <FailedNotice failure={error} retry={refetch} /> : null}
      {!data && !error ? <Shape look="rows" lines={2} /> : null}
      {data?.items.length === 0 ? <Notice title={t('emptyTitle')}>{t('empty')}</Notice> : null}
      {data && data.items.length > 0 ? (
        <>
          <p className="studio-more">{t('text')}</p>
          <Table caption={t('title')} columns={columns} rows={data.items} keyOf={({ id }) => id} />
        </>
      ) : null}
    </div>
  )
}

function Name({ video }: { video: Thrown }) {
  return (
    <span className="studio-film">
      <StudioStill video={{ ...video, poster: null }} width={320} />
      <span className="studio-title">{video.title}</span>
    </span>
  )
}
