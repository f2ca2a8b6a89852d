import { type SubmitEvent, useId, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import type { AddDanmakuBody, Danmaku } from '#shared/api/danmaku.ts'
import { entranceFor } from '#shared/entrance.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { Chips } from '#web/player/controls/chips.tsx'
import { danmakuHabits } from '#web/player/danmaku/danmaku-habits.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { SettingsIcon } from '#web/ui/icons.tsx'
import { Menu } from '#web/ui/menu.tsx'
import { useSay } from '#web/ui/status.tsx'
import { toFlying } from './api.ts'
import { DanmakuChoices } from './danmaku-choices.tsx'
import { arrive, flightOf } from './flight.ts'
import './danmaku-bar.css'

type Props = { vid: string; isPerson: boolean; nowMs(): number }

/** Under the film: on and off, how they look, and one's own. The field keeps the focus, so that the next one is written at once. */
export function DanmakuBar({ vid, isPerson, nowMs }: Props) {
  const t = useTranslations('watch.danmaku')
  const store = danmakuHabits()
  const { isOn } = useSyncExternalStore(store.watch, store.get)
  const flight = flightOf(vid).store
  const { total, isOn: isOpen } = useSyncExternalStore(flight.watch, flight.get)
  const id = useId()
  if (!isOpen) return null
  return (
    <div className="danmaku-bar">
      <button
        type="button"
        className="danmaku-switch"
        role="switch"
        aria-checked={isOn}
        aria-keyshortcuts="D"
        onClick={() => store.set({ isOn: !isOn })}
      >
        {t('name')}
      </button>
      <button type="button" className="icon-button" popoverTarget={id} aria-label={t('settings')} title={t('settings')}>
        <SettingsIcon />
      </button>
      <Menu id={id} label={t('settings')}>
        <DanmakuChoices />
      </Menu>
      {isPerson ? (
        <SendBox vid={vid} nowMs={nowMs} />
      ) : (
        <ButtonLink size="small" to={entranceFor(`/watch/${vid}`)}>
          {t('signIn')}
        </ButtonLink>
      )}
      <span className="danmaku-total">{t('total', { count: total })}</span>
    </div>
  )
}

const colours = ['#ffffff', '#f6b44b', '#f08078', '#8fbf97', '#7fb6e6', '#c79be0'] as const
const modes = ['scroll', 'top', 'bottom'] as const
const sizes = ['small', 'normal', 'large'] as const
type Look = { mode: (typeof modes)[number]; size: (typeof sizes)[number]; color: string }

function SendBox({ vid, nowMs }: Pick<Props, 'vid' | 'nowMs'>) {
  const t = useTranslations('watch.danmaku')
  const api = useApi()
  const say = useSay()
  const textOf = useFailureText()
  const id = useId()
  const [text, setText] = useState('')
  const [look, setLook] = useState<Look>({ mode: 'scroll', size: 'normal', color: '#ffffff' })

  async function send(event: SubmitEvent) {
    event.preventDefault()
    const written = text.trim()
    if (written === '') return
    setText('')
    const body: AddDanmakuBody = { atMs: Math.max(0, Math.floor(nowMs())), text: written, ...look }
    try {
      const sent = await api.send<Danmaku>('POST', `/videos/${vid}/danmaku`, body)
      arrive(vid, toFlying(sent, true), true)
    } catch (failure) {
      setText((now) => now || written)
      say({ look: 'failed', text: failure instanceof ApiFailure ? textOf(failure) : t('failed') })
    }
  }

  return (
    <form className="danmaku-send" onSubmit={send}>
      <button type="button" className="danmaku-look" popoverTarget={id} aria-label={t('look')} title={t('look')}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6" fill={look.color} />
        </svg>
      </button>
      <Menu id={id} label={t('look')}>
        <LookChoices look={look} change={setLook} />
      </Menu>
      <input
        className="danmaku-field"
        value={text}
        maxLength={100}
        aria-label={t('write')}
        placeholder={t('write')}
        enterKeyHint="send"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" size="small">
        {t('send')}
      </Button>
    </form>
  )
}

function LookChoices({ look, change }: { look: Look; change(look: Look): void }) {
  const t = useTranslations('watch.danmaku')
  return (
    <div className="pick-form">
      <Chips of={modes} chosen={look.mode} choose={(mode) => change({ ...look, mode })} nameOf={(mode) => t(`modes.${mode}`)} />
      <Chips of={sizes} chosen={look.size} choose={(size) => change({ ...look, size })} nameOf={(size) => t(`sizes.${size}`)} />
      <div className="pick-row">
        {colours.map((color, at) => (
          <button
            key={color}
            type="button"
            className="danmaku-colour"
            aria-pressed={look.color === color}
            aria-label={t('colour', { number: at + 1 })}
            onClick={() => change({ ...look, color })}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <circle cx="8" cy="8" r="6" fill={color} />
            </svg>
          </button>
        ))}
      </div>
    </div>
  )
}
