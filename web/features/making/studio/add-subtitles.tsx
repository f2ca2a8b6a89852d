import { type ChangeEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { Labelled } from '#web/ui/labelled.tsx'
import { useSay } from '#web/ui/status.tsx'
import { FolderIcon } from '../icons.tsx'
import { useLanguageName, usualLanguages } from './languages.ts'
import { textsOf } from './api.ts'

const accepted = '.srt,.ass,.ssa,.vtt'
const mostBytes = 2 * 1024 * 1024

/** A file from this device, or an empty one to write in the page. */
export function AddSubtitles({ vid }: { vid: string }) {
  const t = useTranslations('studio.subtitles')
  const toName = useLanguageName()
  const input = useRef<HTMLInputElement>(null)
  const [language, setLanguage] = useState<string>(usualLanguages[0])
  const [label, setLabel] = useState('')
  const { isBusy, add } = useAdding(vid)

  async function give(body: Blob) {
    const query = new URLSearchParams({ language, ...(label.trim() === '' ? {} : { label: label.trim() }) })
    if (await add(body, query)) setLabel('')
  }

  function chosen({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    target.value = ''
    if (file) void give(file)
  }

  return (
    <fieldset className="add-text">
      <legend className="field-label">{t('add')}</legend>
      <div className="add-text-fields">
        <Labelled label={t('language')}>
          {(parts) => (
            <select {...parts} className="control control-select" value={language} onChange={(event) => setLanguage(event.target.value)}>
              {usualLanguages.map((one) => (
                <option key={one} value={one}>
                  {toName(one)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled label={t('label')}>
          {(parts) => (
            <input
              {...parts}
              className="control"
              type="text"
              maxLength={100}
              value={label}
              placeholder={toName(language)}
              onChange={(event) => setLabel(event.target.value)}
            />
          )}
        </Labelled>
      </div>
      <div className="form-acts">
        <Button look="lamp" icon={FolderIcon} isBusy={isBusy} onClick={() => input.current?.click()}>
          {t('file')}
        </Button>
        <Button isBusy={isBusy} onClick={() => give(new Blob([emptyText(t('firstLine'))], { type: 'text/vtt' }))}>
          {t('write')}
        </Button>
        <input ref={input} type="file" accept={accepted} aria-label={t('file')} hidden onChange={chosen} />
      </div>
      <p className="field-hint">{t('fileHint')}</p>
    </fieldset>
  )
}

const emptyText = (line: string) => `WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n${line}\n`

function useAdding(vid: string) {
  const t = useTranslations('studio.subtitles')
  const say = useSay()
  const failureText = useFailureText()
  const { busy, run } = useDeeds()
  return {
    isBusy: busy !== undefined,
    async add(body: Blob, query: URLSearchParams): Promise<boolean> {
      if (body.size > mostBytes) {
        say({ look: 'failed', text: t('tooLarge') })
        return false
      }
      const outcome = await run('add', (api) => api.send('PUT', `/videos/${vid}/subtitles?${query}`, body), [textsOf(vid).path])
      if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
      if (outcome.state === 'done') say({ look: 'done', text: t('added') })
      return outcome.state === 'done'
    },
  }
}
