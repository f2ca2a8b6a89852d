import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import type { Notice, NoticePage, UnreadAnswer } from '#shared/api/notices.ts'
import { useApi } from '#web/lib/api-context.ts'
import { unreadNotices } from '#web/lib/house.ts'
import { useLive } from '#web/lib/live.ts'
import { useReadings } from '#web/lib/reading.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { Notice as Empty } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { notices } from './api.ts'
import { NoticeLine } from './notice-line.tsx'
import './notices.css'

/** What happened while one was away. Who opens the list has read it, on every device; what was new keeps its dot until the page is left. */
export function NoticeList() {
  const t = useTranslations('notices')
  const pages = usePages<Notice>(notices)
  useReadAll(pages.first as NoticePage | undefined)
  useLive('notice.added', () => pages.retry())
  return (
    <div className="notices-page">
      <header className="notices-head">
        <h1>{t('title')}</h1>
        <ButtonLink size="small" to="/settings/notices">
          {t('choose')}
        </ButtonLink>
      </header>
      <Paged pages={pages} empty={<Empty title={t('emptyTitle')}>{t('empty')}</Empty>}>
        {(items) => (
          <ol className="notices-list" role="list">
            {items.map((notice) => (
              <li key={notice.id}>
                <NoticeLine notice={notice} />
              </li>
            ))}
          </ol>
        )}
      </Paged>
    </div>
  )
}

function useReadAll(first: NoticePage | undefined): void {
  const api = useApi()
  const { put } = useReadings()
  const told = useRef<string>(undefined)
  const latest = first?.items[0]
  const isNew = first !== undefined && latest !== undefined && first.unread > 0 && told.current !== latest.id
  useEffect(() => {
    if (!isNew || !latest) return
    told.current = latest.id
    void api.send<UnreadAnswer>('PUT', '/notices/read', { upTo: latest.id }).then(
      (answer) => put(unreadNotices, answer),
      () => undefined,
    )
  }, [isNew, latest, api, put])
}
