import { useTranslations } from 'use-intl'
import type { ApiFailure } from '#web/lib/failure.ts'
import { Labelled } from '#web/ui/labelled.tsx'
import { Toggle } from '#web/ui/toggle.tsx'
import { useLanguageName, usualLanguages } from './languages.ts'
import type { FilmDraft, WriteDraft } from './use-film-draft.ts'

type Props = { draft: FilmDraft; write: WriteDraft; failure: ApiFailure | undefined }

/** What the page of a film says of it besides: year, language, people; and whether it may leave the house. */
export function MoreDetails({ draft, write, failure }: Props) {
  const t = useTranslations('studio.details')
  const toName = useLanguageName()
  const languages = [...new Set([...usualLanguages, ...(draft.language === '' ? [] : [draft.language])])]
  return (
    <fieldset className="editor-talk">
      <legend className="field-label">{t('title')}</legend>
      <div className="editor-pair">
        <Labelled label={t('year')} error={failure?.textFor('year')}>
          {(parts) => (
            <input
              {...parts}
              className="control count"
              type="text"
              inputMode="numeric"
              maxLength={4}
              value={draft.year}
              onChange={(event) => write('year', event.target.value.replace(/\D/g, ''))}
            />
          )}
        </Labelled>
        <Labelled label={t('language')}>
          {(parts) => (
            <select
              {...parts}
              className="control control-select"
              value={draft.language}
              onChange={(event) => write('language', event.target.value)}
            >
              <option value="">{t('noLanguage')}</option>
              {languages.map((one) => (
                <option key={one} value={one}>
                  {toName(one)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      </div>
      <Labelled label={t('cast')} hint={t('castHint')} error={failure?.textFor('cast')}>
        {(parts) => (
          <textarea
            {...parts}
            className="control control-area editor-lines"
            rows={2}
            value={draft.cast}
            onChange={(event) => write('cast', event.target.value)}
          />
        )}
      </Labelled>
      <Toggle
        label={t('download')}
        hint={t('downloadHint')}
        isOn={draft.isDownloadable}
        onChange={(isOn) => write('isDownloadable', isOn)}
      />
      <Embedding draft={draft} write={write} failure={failure} />
    </fieldset>
  )
}

const rules = ['nobody', 'listed', 'everybody'] as const

function Embedding({ draft, write, failure }: Props) {
  const t = useTranslations('studio.details')
  return (
    <>
      <Labelled label={t('embedding')}>
        {(parts) => (
          <select
            {...parts}
            className="control control-select"
            value={draft.embedding}
            onChange={(event) => write('embedding', rules.find((rule) => rule === event.target.value) ?? draft.embedding)}
          >
            {rules.map((rule) => (
              <option key={rule} value={rule}>
                {t(`embeddings.${rule}`)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {draft.embedding === 'listed' ? (
        <Labelled label={t('sites')} hint={t('sitesHint')} error={failure?.textFor('embedSites')}>
          {(parts) => (
            <textarea
              {...parts}
              className="control control-area editor-lines"
              rows={2}
              placeholder="https://example.org"
              value={draft.embedSites}
              onChange={(event) => write('embedSites', event.target.value)}
            />
          )}
        </Labelled>
      ) : null}
    </>
  )
}
