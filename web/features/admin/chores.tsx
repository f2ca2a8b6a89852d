import { useTranslations } from 'use-intl'
import type { AdminChore } from '#shared/api/admin.ts'
import { useReading } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { Table } from '#web/ui/table.tsx'
import { chores } from './api.ts'
import { useTaskActs } from './use-task-acts.ts'

export function Chores() {
  const t = useTranslations('admin.tasks')
  const { data, error, refetch } = useReading(chores, { refreshMs: 30_000 })
  const { busy, act } = useTaskActs()
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape look="rows" lines={3} />
  return (
    <Table
      caption={t('choresTitle')}
      rows={data.items}
      keyOf={({ name }) => name}
      columns={[
        { label: t('chore'), isName: true, cell: ({ name }) => <code>{name}</code> },
        { label: t('calendar'), cell: ({ cron, timeZone }) => <span title={timeZone}>{cron}</span> },
        { label: t('next'), cell: ({ nextAt }) => (nextAt ? <Moment at={nextAt} look="ago" /> : '') },
        { label: t('last'), cell: ({ last }) => <LastRun last={last} /> },
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

function LastRun({ last }: { last: AdminChore['last'] }) {
  const t = useTranslations('admin.tasks')
  if (!last) return t('neverRan')
  const { result, endedAt, slotAt, durationMs, reason } = last
  return (
    <span className="task-state">
      <span className={result === 'failed' ? 'task-parked' : undefined}>
        {result === null ? t('states.running') : t(`results.${result}`)} <Moment at={endedAt ?? slotAt} look="ago" />
      </span>
      {durationMs === null ? null : <span className="task-reason">{t('took', { seconds: durationMs / 1000 })}</span>}
      {reason ? <span className="task-reason">{reason}</span> : null}
    </span>
  )
}
