import { useFormatter, useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { useReading } from '#web/lib/reading.ts'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { figures } from './api.ts'
import './overview.css'

/** The house at a glance: what needs somebody first, the rest in numbers. */
export function Overview() {
  const t = useTranslations('admin.overview')
  const format = useFormatter()
  const { data, error, refetch } = useReading(figures, { refreshMs: 30_000 })
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape look="rows" lines={3} />
  const { people, sessions, invitationsOpen, tasks, freeBytes } = data
  const needs = [
    { count: people.waiting, to: '/admin/people?state=waiting', text: t('needsApproval', { count: people.waiting }) },
    { count: tasks.parked, to: '/admin/tasks?state=parked', text: t('needsTasks', { count: tasks.parked }) },
  ].filter(({ count }) => count > 0)
  const numbers = [
    { label: t('people'), value: format.number(people.total), more: t('joined', { count: people.joinedThisWeek }), to: '/admin/people' },
    { label: t('seen'), value: format.number(people.seenToday), more: t('sessions', { count: sessions }), to: '/admin/people' },
    { label: t('invitations'), value: format.number(invitationsOpen), more: t('invitationsMore'), to: '/admin/invitations' },
    { label: t('tasks'), value: format.number(tasks.running), more: t('tasksMore', { count: tasks.waiting }), to: '/admin/tasks' },
    ...(freeBytes === null
      ? []
      : [{ label: t('room'), value: t('gigabytes', { count: freeBytes / 1e9 }), more: t('roomMore'), to: undefined }]),
  ]
  return (
    <>
      {needs.length > 0 ? (
        <ul className="overview-needs" role="list" aria-label={t('needs')}>
          {needs.map(({ to, text }) => (
            <li key={to}>
              <Link href={to}>{text}</Link>
            </li>
          ))}
        </ul>
      ) : (
        <p className="overview-calm">{t('calm')}</p>
      )}
      <dl className="overview-numbers">
        {numbers.map(({ label, value, more, to }) => (
          <div className="overview-number" key={label}>
            <dt>{to ? <Link href={to}>{label}</Link> : label}</dt>
            <dd className="overview-value">{value}</dd>
            <dd className="overview-more">{more}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
