import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { MuteBody, PersonSheet as Sheet } from '#shared/api/moderation.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { TextArea, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { sheetOf } from './api.ts'
import './moderation.css'

/** What a person wrote, at a glance, and what can be done about it. */
export function PersonSheet({ username }: { username: string }) {
  const t = useTranslations('moderation.person')
  const { data, error, refetch } = useReading(sheetOf(username))
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape look="person" />
  const { person, role, joinedAt, counts, comments, danmaku, mute, suspension } = data
  return (
    <div className="sheet">
      <header className="sheet-head">
        <Avatar person={person} size="medium" />
        <div>
          <h2>
            <Link href={`/@${encodeURIComponent(person.username)}`}>{person.displayName || person.username}</Link>
          </h2>
          <p className="case-faint">
            @{person.username} · {t(`roles.${role}`)} · <Moment at={joinedAt} look="month" />
          </p>
        </div>
        <Acts sheet={data} />
      </header>
      {mute ? (
        <p className="sheet-state">
          {mute.until
            ? t.rich('mutedUntil', { why: mute.why, date: () => <Moment at={mute.until ?? ''} look="date and time" /> })
            : t('muted', { why: mute.why })}
        </p>
      ) : null}
      {suspension ? <p className="sheet-state">{t('suspended', { why: suspension.reason })}</p> : null}
      <p>{t('counts', counts)}</p>
      <Written
        title={t('comments')}
        items={comments.map(({ id, videoId, text, createdAt, isHeld }) => ({ id, text, createdAt, href: `/watch/${videoId}`, isHeld }))}
      />
      <Written
        title={t('danmaku')}
        items={danmaku.map(({ id, videoId, atMs, text, createdAt }) => ({
          id,
          text,
          createdAt,
          href: `/watch/${videoId}?t=${Math.floor(atMs / 1000)}`,
          isHeld: false,
        }))}
      />
    </div>
  )
}

type Line = { id: string; text: string; createdAt: string; href: string; isHeld: boolean }

function Written({ title, items }: { title: string; items: readonly Line[] }) {
  const t = useTranslations('moderation.person')
  if (items.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul className="sheet-lines" role="list">
        {items.map(({ id, text, createdAt, href, isHeld }) => (
          <li key={id}>
            <Link href={href}>{text}</Link>
            <span className="case-faint">
              {isHeld ? `${t('held')} · ` : ''}
              <Moment at={createdAt} look="ago" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Acts({ sheet: { person, may, mute } }: { sheet: Sheet }) {
  const t = useTranslations('moderation.person')
  const api = useApi()
  const { forget } = useReadings()
  const [isAsked, setIsAsked] = useState(false)
  const path = `${sheetOf(person.username).path}/mute`
  if (!may.includes('mute')) return null
  async function silence({ why = '', until = '' }: Record<string, string>) {
    const body: MuteBody = { why: why.trim(), ...(until ? { until: new Date(until).toISOString() } : {}) }
    await api.send('PUT', path, body)
    setIsAsked(false)
    await forget('/moderation/')
  }
  async function hearAgain() {
    await api.send('DELETE', path)
    await forget('/moderation/')
  }
  return (
    <>
      <Button size="small" onClick={() => (mute ? void hearAgain() : setIsAsked(true))}>
        {mute ? t('unmute') : t('mute')}
      </Button>
      <Dialog title={t('mute')} isOpen={isAsked} close={() => setIsAsked(false)}>
        <Form action="/moderation/person" send={silence}>
          <p>{t('muteText')}</p>
          <TextArea name="why" label={t('why')} maxLength={500} rows={3} />
          <TextField name="until" type="datetime-local" label={t('until')} hint={t('untilHint')} isOptional />
          <SaveButton text={t('mute')} look="danger" />
        </Form>
      </Dialog>
    </>
  )
}
