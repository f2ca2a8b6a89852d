import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { Progress } from '#web/ui/progress.tsx'
import type { HouseDeeds } from './use-house-deeds.ts'

/** How far it is; what was done stays done. */
export function Running({ deeds: { progress, stop } }: { deeds: HouseDeeds }) {
  const t = useTranslations('allFilms')
  if (!progress) return null
  const { done, of } = progress
  return (
    <div className="many-running">
      <Progress value={done / of} label={t('running', { done, of })} />
      <span className="count">{t('running', { done, of })}</span>
      {of > 1 ? (
        <Button size="small" look="bare" onClick={stop}>
          {t('stop')}
        </Button>
      ) : null}
    </div>
  )
}
