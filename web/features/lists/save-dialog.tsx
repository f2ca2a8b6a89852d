import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { OwnPlaylists, Playlist } from '#shared/api/playlists.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { Dialog } from '#web/ui/dialog.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { TextField } from '#web/ui/field.tsx'
import { KeepIcon } from '#web/ui/film-icons.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { ownListsFor } from './api.ts'
import './lists.css'

/** Which of one's lists hold a film; each box holds at once. */
export function SaveToList({ vid, className }: { vid: string; className: string }) {
  const t = useTranslations('films.lists')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" className={className} onClick={() => setIsOpen(true)}>
        <KeepIcon />
        {t('save')}
      </button>
      <Dialog title={t('saveTitle')} isOpen={isOpen} close={() => setIsOpen(false)}>
        {isOpen ? <Boxes vid={vid} /> : null}
      </Dialog>
    </>
  )
}

type Own = OwnPlaylists['items'][number]

function Boxes({ vid }: { vid: string }) {
  const t = useTranslations('films.lists')
  const api = useApi()
  const { put, forget } = useReadings()
  const say = useSay()
  const textOf = useFailureText()
  const what = ownListsFor(vid)
  const { data } = useReading(what)
  // The list of what is for later comes to be with its first film.
  const [isLater, setIsLater] = useState<boolean>()
  if (!data) return <Shape look="rows" lines={3} />
  const later = data.items.find(({ kind }) => kind === 'later')
  const others = data.items.filter(({ kind }) => kind !== 'later')

  async function turn(list: Pick<Own, 'id' | 'holds'>) {
    const path = `/playlists/${list.id}/items/${vid}`
    const { holds } = list
    if (data) put(what, { ...data, items: data.items.map((one) => (one.id === list.id ? { ...one, holds: !holds } : one)) })
    try {
      if (holds) await api.send('DELETE', path)
      else await api.send('PUT', path, {})
    } catch (failure) {
      if (failure instanceof ApiFailure) say({ look: 'failed', text: textOf(failure) })
    }
    await forget('/playlists')
  }

  async function turnLater() {
    const holds = isLater ?? later?.holds ?? false
    setIsLater(!holds)
    try {
      await api.send(holds ? 'DELETE' : 'PUT', `/watch-later/${vid}`)
    } catch (failure) {
      setIsLater(holds)
      if (failure instanceof ApiFailure) say({ look: 'failed', text: textOf(failure) })
    }
    await forget('/playlists')
  }

  async function make({ title = '' }: Record<string, string>) {
    const made = await api.send<Playlist>('POST', '/playlists', { title: title.trim(), visibility: 'private' })
    await turn({ id: made.id, holds: false })
  }

  return (
    <>
      <div className="save-list">
        <Box label={t('later')} isOn={isLater ?? later?.holds ?? false} turn={() => void turnLater()} />
        {others.map((list) => (
          <Box key={list.id} label={list.title} isOn={list.holds} turn={() => void turn(list)} />
        ))}
      </div>
      <Form key={others.length} action="" send={make}>
        <TextField name="title" label={t('newTitle')} maxLength={200} />
        <SaveButton text={t('make')} />
      </Form>
    </>
  )
}

function Box({ label, isOn, turn }: { label: string; isOn: boolean; turn(): void }) {
  return (
    <label>
      <input type="checkbox" checked={isOn} onChange={turn} />
      {label}
    </label>
  )
}
