import { useTranslations } from 'use-intl'
import type { AuditEntry } from '#shared/api/admin.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { audit } from './api.ts'
import './audit.css'

/** What admins did, as sentences, by day. Nothing here can be changed. */
export function Audit({ search }: { search: URLSearchParams }) {
  const t = useTranslations('admin.audit')
  const pages = usePages(audit(search))
  return (
    <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
      {(items) => (
        <ol className="audit" role="list">
          {items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </Paged>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('admin.audit')
  const { at, actor, address } = entry
  return (
    <li className="audit-entry">
      <span className="audit-time">
        <Moment at={at} look="date and time" />
      </span>
      <p>
        <strong>{actor?.username ?? t('console')}</strong> {sentenceOf(entry, t)}
        {address ? <span className="audit-address">{address}</span> : null}
      </p>
      <Details details={entry.details} />
    </li>
  )
}

function sentenceOf({ action, subject }: AuditEntry, t: ReturnType<typeof useTranslations<'admin.audit'>>): string {
  const key = `actions.${action}` as 'actions.person.approve'
  const name = subject?.name || subject?.id || ''
  return t.has(key) ? t(key, { name }) : `${action} ${name}`.trim()
}

/** Names of rows say nothing to people. */
const unsaid = new Set(['case'])
const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

function Details({ details }: { details: AuditEntry['details'] }) {
  const t = useTranslations('admin.audit')
  const known = Object.entries(details).filter(([name, value]) => value !== null && value !== '' && !unsaid.has(name))
  if (known.length === 0) return null
  return (
    <dl className="audit-details">
      {known.map(([name, value]) => {
        const key = `details.${name}` as 'details.reason'
        return (
          <div key={name}>
            <dt>{t.has(key) ? t(key) : name}</dt>
            <dd>{typeof value === 'string' && moment.test(value) ? <Moment at={value} look="date and time" /> : toText(value)}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  const { from, to } = value as { from?: unknown; to?: unknown }
  return from === undefined && to === undefined ? JSON.stringify(value) : `${toText(from)} → ${toText(to)}`
}
