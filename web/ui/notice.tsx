import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { ApiFailure } from '#web/lib/failure.ts'
import { Button } from './button.tsx'
import { FailureText } from './failure-text.tsx'
import './notice.css'

type Props = { title: string; children?: ReactNode; acts?: ReactNode; level?: 1 | 2; isAlert?: boolean }

/** The face of what is empty, failed or out of reach: what it is, what it means, and the next step. */
export function Notice({ title, children, acts, level = 2, isAlert = false }: Props) {
  const Title = level === 1 ? 'h1' : 'h2'
  return (
    <div className={level === 1 ? 'notice notice-page' : 'notice'} role={isAlert ? 'alert' : undefined}>
      <Doorway />
      <Title className="notice-title">{title}</Title>
      {children ? <p className="notice-text">{children}</p> : null}
      {acts ? <div className="notice-acts">{acts}</div> : null}
    </div>
  )
}

export function FailedNotice({ failure, retry, level = 2 }: { failure: ApiFailure; retry?: () => void; level?: 1 | 2 }) {
  const t = useTranslations('shell')
  return (
    <Notice
      isAlert
      level={level}
      title={failure.facts.kind === 'unreachable' ? t('failure.offlineTitle') : t('failure.title')}
      acts={retry ? <Button onClick={retry}>{t('words.retry')}</Button> : null}
    >
      <FailureText failure={failure} />
    </Notice>
  )
}

/** A door left ajar in a dark room. */
function Doorway() {
  return (
    <svg className="notice-door" viewBox="0 0 96 72" aria-hidden="true">
      <path className="notice-floor" d="M8 64.5h80" />
      <path className="notice-spill" d="M41 65h14l13 7H28z" />
      <path className="notice-frame" d="M30 64V34a18 18 0 0 1 36 0v30" />
      <path className="notice-light" d="M41 64V32c0-3.6 3-8.5 7-8.5s7 4.9 7 8.5v32z" />
    </svg>
  )
}
