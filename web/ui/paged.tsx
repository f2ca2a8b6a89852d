import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Pages } from '#web/lib/use-pages.ts'
import { Button } from './button.tsx'
import { FailedNotice } from './notice.tsx'
import { Shape } from './shape.tsx'

type Props<T> = { pages: Pages<T>; empty: ReactNode; children(items: T[]): ReactNode }

/** A list with its four faces: coming, failed, empty, there. */
export function Paged<T>({ pages, empty, children }: Props<T>) {
  const t = useTranslations('shell')
  const { items, error, retry, hasMore, isLoadingMore, more } = pages
  if (!items) return error ? <FailedNotice failure={error} retry={retry} /> : <Shape look="rows" lines={4} />
  if (items.length === 0) return <>{empty}</>
  return (
    <>
      {children(items)}
      {hasMore ? (
        <div className="form-acts">
          <Button isBusy={isLoadingMore} onClick={more}>
            {t('words.more')}
          </Button>
        </div>
      ) : null}
    </>
  )
}
