import { useTranslations } from 'use-intl'
import type { AdminTask } from '#shared/api/admin.ts'
import { useReading } from '#web/lib/reading.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Button } from '#web/ui/button.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { Progress } from '#web/ui/progress.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { type Column, Table } from '#web/ui/table.tsx'
import { taskKinds, tasks } from './api.ts'
import { Chores } from './chores.tsx'
import { Filter, FilterChoice } from '#web/ui/filter.tsx'
import { TaskKinds } from './task-kinds.tsx'
import { useTaskActs } from './use-task-acts.ts'
import './tasks.css'

const taskStates = ['parked', 'running', 'waiting', 'delayed', 'done', 'cancelled'] as const

export function Tasks({ search }: { search: URLSearchParams }) {
  const t = useTranslations('admin.tasks')
  return (
    <>
      <Matter title={t('listTitle')} text={t('listText')} isWide>
        <TaskList search={search} />
      </Matter>
      <Matter title={t('kindsTitle')} text={t('kindsText')} isWide>
        <TaskKinds />
      </Matter>
      <Matter title={t('choresTitle')} text={t('choresText')} isWide>
        <Chores />
      </Matter>
    </>
  )
}

function TaskList({ search }: { search: URLSearchParams }) {
  const t = useTranslations('admin.tasks')
  const pages = usePages(tasks(search))
  const kinds = useReading(taskKinds).data?.items ?? []
  const columns = useColumns()
  return (
    <>
      <Filter to="/admin/tasks" label={t('filter')}>
        <FilterChoice
          name="state"
          label={t('state')}
          value={search.get('state')}
          all={t('anyState')}
          options={taskStates.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <FilterChoice
          name="kind"
          label={t('kind')}
          value={search.get('kind')}
          all={t('anyKind')}
          options={kinds.map(({ kind }) => ({ value: kind, label: kind }))}
        />
      </Filter>
      <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
        {(items) => <Table caption={t('listTitle')} columns={columns} rows={items} keyOf={({ id }) => id} />}
      </Paged>
    </>
  )
}

function useColumns(): Column<AdminTask>[] {
  const t = useTranslations('admin.tasks')
  return [
    { label: t('kind'), isName: true, cell: ({ kind }) => <code>{kind}</code> },
    { label: t('state'), cell: (task) => <TaskState task={task} /> },
    { label: t('attempts'), isNumber: true, cell: ({ attempt, maxAttempts }) => t('attemptOf', { attempt, maxAttempts }) },
    {
      label: t('since'),
      cell: ({ createdAt }) => <Moment at={createdAt} look="ago" />,
    },
    { label: t('acts'), isActs: true, cell: (task) => <TaskActs task={task} /> },
  ]
}

function TaskState({ task: { state, reason, progress } }: { task: AdminTask }) {
  const t = useTranslations('admin.tasks')
  return (
    <span className="task-state">
      <span className={`task-${state}`}>{t(`states.${state}`)}</span>
      {state === 'running' && progress !== null ? <Progress value={progress} label={t('progress')} /> : null}
      {reason ? <span className="task-reason">{reason}</span> : null}
    </span>
  )
}

function TaskActs({ task }: { task: AdminTask }) {
  const t = useTranslations('admin.tasks')
  const { busy, act } = useTaskActs()
  const path = `/admin/tasks/${encodeURIComponent(task.id)}`
  const isOver = task.state === 'done' || task.state === 'cancelled'
  if (isOver) return null
  return (
    <span className="task-acts">
      {task.state === 'running' ? null : (
        <Button
          size="small"
          isBusy={busy === 'run'}
          onClick={() => act('run', (api) => api.send('POST', `${path}/run`))}
          aria-label={t('runNamed', { name: task.kind })}
        >
          {t('run')}
        </Button>
      )}
      <Button
        size="small"
        look="bare"
        isBusy={busy === 'cancel'}
        onClick={() => act('cancel', (api) => api.send('DELETE', path))}
        aria-label={t('cancelNamed', { name: task.kind })}
      >
        {t('cancel')}
      </Button>
    </span>
  )
}
