import { useFormatter, useTranslations } from 'use-intl'
import type { AdminChore } from '#shared/api/admin.ts'
import { useReading } from '#web/lib/reading.ts'
import { useNow } from '#web/lib/use-now.ts'
import { Button } from '#web/ui/button.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { Table } from '#web/ui/table.tsx'
import { chores } from './api.ts'
import { useTaskActs } from './use-task-acts.ts'

export function Chores() {
  const t = useTranslations('admin.tasks')
  const format = useFormatter()
  const now = useNow()
  const { data, error, refetch } = useReading(chores, { refreshMs: 30_000 })
  const { busy, act } = useTaskActs()
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape look="rows" lines={3} />
  const when = (moment: string) =>
    now ? format.relativeTime(new Date(moment), now) : format.dateTime(new Date(moment), { dateStyle: 'short', timeStyle: 'short' })
  return (
    <Table
      caption={t('choresTitle')}
      rows={data.items}
      keyOf={({ name }) => name}
      columns={[
        { label: t('chore'), isName: true, cell: ({ name }) => <code>{name}</code> },
        { label: t('calendar'), cell: ({ cron, timeZone }) => <span title={timeZone}>{cron}</span> },
        { label: t('next'), cell: ({ nextAt }) => (nextAt ? <time dateTime={nextAt}>{when(nextAt)}</time> : '') },
        { label: t('last'), cell: ({ last }) => <LastRun last={last} when={when} /> },
        {
          label: t('acts'),
          isActs: true,
          cell: ({ name, isRunning }) => (
            <Button
              size="small"
              disabled={isRunning}
              isBusy={busy === name}
              onClick={() => act(name, (api) => api.send('POST', `/admin/chores/${encodeURIComponent(name)}/run`))}
              {...(isRunning ? {} : { 'aria-label': t('runNamed', { name }) })}
            >
              {isRunning ? t('states.running') : t('run')}
            </Button>
          ),
        },
      ]}
    />
  )
}

function LastRun({ last, when }: { last: AdminChore['last']; when(moment: string): string }) {
  const t = useTranslations('admin.tasks')
  if (!last) return t('neverRan')
  const { result, endedAt, slotAt, durationMs, reason } = last
  return (
    <span className="task-state">
      <span className={result === 'failed' ? 'task-parked' : undefined}>
        {result === null ? t('states.running') : t(`results.${result}`)} <time dateTime={endedAt ?? slotAt}>{when(endedAt ?? slotAt)}</time>
      </span>
      {durationMs === null ? null : <span className="task-reason">{t('took', { seconds: durationMs / 1000 })}</span>}
      {reason ? <span className="task-reason">{reason}</span> : null}
    </span>
  )
}
