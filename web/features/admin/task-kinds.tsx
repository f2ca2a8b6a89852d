import { useFormatter, useTranslations } from 'use-intl'
import { useReading } from '#web/lib/reading.ts'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { Table } from '#web/ui/table.tsx'
import { Toggle } from '#web/ui/toggle.tsx'
import { taskKinds } from './api.ts'
import { useTaskActs } from './use-task-acts.ts'

const counted = ['waiting', 'running', 'parked'] as const

export function TaskKinds() {
  const t = useTranslations('admin.tasks')
  const format = useFormatter()
  const { data, error, refetch } = useReading(taskKinds, { refreshMs: 15_000 })
  const { busy, act } = useTaskActs()
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape look="rows" lines={3} />
  return (
    <Table
      caption={t('kindsTitle')}
      rows={data.items}
      keyOf={({ kind }) => kind}
      columns={[
        { label: t('kind'), isName: true, cell: ({ kind }) => <code>{kind}</code> },
        ...counted.map((state) => ({
          label: t(`states.${state}`),
          isNumber: true,
          cell: ({ counts }: (typeof data.items)[number]) => format.number(counts[state]),
        })),
        {
          label: t('runs'),
          isActs: true,
          cell: ({ kind, isPaused }) => (
            <Toggle
              label={t('runsNamed', { name: kind })}
              isLabelUnseen
              isOn={!isPaused}
              disabled={busy === kind}
              onChange={(isOn) =>
                act(kind, (api) => api.send(isOn ? 'DELETE' : 'PUT', `/admin/task-kinds/${encodeURIComponent(kind)}/pause`))
              }
            />
          ),
        },
      ]}
    />
  )
}
