import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { SessionsAnswer, SessionView } from '#shared/api/sessions.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { DeviceIcon } from '#web/ui/icons.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { sessions } from './api.ts'
import './sessions.css'

/** Where one is signed in, and the way to end it from here. */
export function SessionsMatter() {
  const t = useTranslations('settings.sessions')
  const { data, error, refetch } = useReading(sessions)
  const { busy, endOne, endOthers } = useEnding()
  return (
    <Matter title={t('title')} text={t('text')}>
      {error ? <FailedNotice failure={error} retry={refetch} /> : null}
      {!data && !error ? <Shape look="rows" lines={2} /> : null}
      {data ? (
        <ul className="sessions-of" role="list">
          {data.items.map((session) => (
            <SessionLine key={session.id} session={session} isBusy={busy === session.id} end={() => endOne(session)} />
          ))}
        </ul>
      ) : null}
      {data && data.items.length > 1 ? (
        <div className="form-acts">
          <Button look="danger" isBusy={busy === 'others'} onClick={endOthers}>
            {t('endOthers')}
          </Button>
        </div>
      ) : null}
    </Matter>
  )
}

function SessionLine({ session, isBusy, end }: { session: SessionView; isBusy: boolean; end(): void }) {
  const t = useTranslations('settings.sessions')
  return (
    <li className="session">
      <DeviceIcon />
      <div className="session-words">
        <strong>{nameOf(session) ?? t('unknownDevice')}</strong>
        <span className="session-facts">
          {session.isThisOne ? (
            <span className="session-this">{t('thisOne')}</span>
          ) : (
            <span>{t.rich('lastUsed', { when: () => <Moment at={session.lastUsedAt} look="ago" /> })}</span>
          )}
          <span>{session.address}</span>
        </span>
      </div>
      {session.isThisOne ? null : (
        <Button size="small" isBusy={isBusy} onClick={end} aria-label={t('endNamed', { name: nameOf(session) ?? t('unknownDevice') })}>
          {t('end')}
        </Button>
      )}
    </li>
  )
}

function nameOf({ browser, system }: SessionView): string | undefined {
  return [browser, system].filter(Boolean).join(' · ') || undefined
}

function useEnding() {
  const t = useTranslations('settings.sessions')
  const failed = useTranslations('shell.failure')
  const api = useApi()
  const say = useSay()
  const { put, forget } = useReadings()
  const { data } = useReading(sessions)
  const [busy, setBusy] = useState<string>()

  async function end(what: string, path: string, stays: (session: SessionView) => boolean, done: string) {
    if (busy) return
    setBusy(what)
    try {
      await api.send('DELETE', path)
      if (data) put<SessionsAnswer>(sessions, { ...data, items: data.items.filter(stays) })
      say({ look: 'done', text: done })
    } catch (failure) {
      say({
        look: 'failed',
        text: failure instanceof ApiFailure && failure.facts.kind === 'refused' ? failure.facts.text : failed('unreachable'),
      })
      await forget(sessions.path)
    } finally {
      setBusy(undefined)
    }
  }

  return {
    busy,
    endOne: (session: SessionView) => end(session.id, `/sessions/${session.id}`, ({ id }) => id !== session.id, t('ended')),
    endOthers: () => end('others', '/sessions', ({ isThisOne }) => isThisOne, t('othersEnded')),
  }
}
