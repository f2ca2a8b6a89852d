import { useTranslations } from 'use-intl'
import { Toggle } from '#web/ui/toggle.tsx'
import { Labelled } from '#web/ui/labelled.tsx'
import type { FilmDraft, WriteDraft } from './use-film-draft.ts'

const rules = ['open', 'review', 'closed'] as const
const slowModes = [0, 10, 60, 600] as const

/** How people may talk below a film and over it. */
export function TalkFields({ draft, write }: { draft: FilmDraft; write: WriteDraft }) {
  const t = useTranslations('making.studio.talk')
  return (
    <fieldset className="editor-talk">
      <legend className="field-label">{t('title')}</legend>
      <Labelled label={t('comments')}>
        {(parts) => (
          <select
            {...parts}
            className="control control-select"
            value={draft.commentRule}
            onChange={(event) => write('commentRule', rules.find((rule) => rule === event.target.value) ?? draft.commentRule)}
          >
            {rules.map((rule) => (
              <option key={rule} value={rule}>
                {t(`rules.${rule}`)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={t('slowMode')}>
        {(parts) => (
          <select
            {...parts}
            className="control control-select"
            value={draft.slowModeS}
            onChange={(event) => write('slowModeS', Number(event.target.value))}
          >
            {[...new Set([...slowModes, draft.slowModeS])].map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0 ? t('anyTime') : t('everySeconds', { seconds })}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={t('blockedWords')} hint={t('blockedHint')}>
        {(parts) => (
          <textarea
            {...parts}
            className="control control-area editor-lines"
            rows={2}
            value={draft.blockedWords}
            onChange={(event) => write('blockedWords', event.target.value)}
          />
        )}
      </Labelled>
      <Toggle label={t('danmaku')} hint={t('danmakuHint')} isOn={draft.isDanmakuOn} onChange={(isOn) => write('isDanmakuOn', isOn)} />
    </fieldset>
  )
}
