import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { ReportCase } from '#shared/api/moderation.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Filter, FilterChoice } from '#web/ui/filter.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { caseStates, casesFor, caseThings, sheetAddress } from './api.ts'
import { CaseActs } from './case-acts.tsx'
import './moderation.css'

/** What people reported, the last reported first: the thing itself, who says what of it, and what can be done. */
export function CaseList({ search }: { search: URLSearchParams }) {
  const t = useTranslations('moderation.cases')
  const pages = usePages<ReportCase>(casesFor(search))
  return (
    <>
      <Filter to="/moderation/cases" label={t('filter')}>
        <FilterChoice
          name="state"
          label={t('state')}
          value={search.get('state')}
          all={t('states.open')}
          options={caseStates.filter((one) => one !== 'open').map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <FilterChoice
          name="thing"
          label={t('thing')}
          value={search.get('thing')}
          all={t('anything')}
          options={caseThings.map((value) => ({ value, label: t(`things.${value}`) }))}
        />
      </Filter>
      <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
        {(items) => (
          <ol className="cases" role="list">
            {items.map((one) => (
              <li key={one.id}>
                <Case one={one} />
              </li>
            ))}
          </ol>
        )}
      </Paged>
    </>
  )
}

function Case({ one }: { one: ReportCase }) {
  const t = useTranslations('moderation.cases')
  const { thing, by, text, videoId, videoTitle, reports, count, state, decision } = one
  return (
    <article className="case" aria-label={`${t(`things.${thing}`)}: ${text ?? ''}`}>
      <header className="case-head">
        <span className="case-kind">{t(`things.${thing}`)}</span>
        {by ? <Link href={sheetAddress(by.username)}>{by.displayName || by.username}</Link> : null}
        {videoId ? <Link href={`/watch/${videoId}`}>{videoTitle}</Link> : null}
        <span>{t('count', { count })}</span>
      </header>
      <blockquote className="case-text">{text ?? t('gone')}</blockquote>
      <ul className="case-reports" role="list">
        {reports.map(({ reason, note, reporter, createdAt }) => (
          <li key={`${createdAt} ${reporter?.username ?? ''}`}>
            <strong>{t(`reasons.${reason}`)}</strong>
            {note ? <span>{note}</span> : null}
            <span className="case-faint">
              {reporter ? reporter.displayName || reporter.username : t('nobody')} <Moment at={createdAt} look="ago" />
            </span>
          </li>
        ))}
      </ul>
      {state === 'open' ? (
        <CaseActs one={one} />
      ) : (
        <p className="case-faint">
          {t(`states.${state}`)}
          {decision?.by ? ` · ${decision.by.displayName || decision.by.username}` : ''}
          {decision?.why ? ` · ${decision.why}` : ''}
        </p>
      )}
    </article>
  )
}
