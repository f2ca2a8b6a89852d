import type { FormEvent } from 'react'
import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { Button } from '#web/ui/button.tsx'
import { FailureText } from '#web/ui/failure-text.tsx'
import { Labelled } from '#web/ui/labelled.tsx'
import { MoreFields } from '../fields/film-fields.tsx'
import { MoreDetails } from './more-details.tsx'
import { TalkFields } from './talk-fields.tsx'
import { useFilmDraft } from './use-film-draft.ts'
import { useWarning } from './use-warning.ts'

/** Everything that is said of a film in words and switches. */
export function DetailsPart({ username, video }: { username: string; video: Video }) {
  const t = useTranslations('making.studio')
  const card = useTranslations('making.card')
  const words = useTranslations('shell.words')
  const { draft, change, write, isChanged, isSaving, failure, save } = useFilmDraft(username, video)
  useWarning(isChanged)

  function submit(event: FormEvent) {
    event.preventDefault()
    void save()
  }

  return (
    <form className="editor-form" onSubmit={submit} noValidate>
      {failure && failure.facts.kind !== 'refused' ? (
        <p className="form-failure" role="alert">
          <FailureText failure={failure} />
        </p>
      ) : null}
      <Labelled label={card('title')} error={failure?.textFor('title')}>
        {(parts) => (
          <input
            {...parts}
            className="control"
            type="text"
            required
            maxLength={200}
            value={draft.title}
            onChange={(event) => write('title', event.target.value)}
          />
        )}
      </Labelled>
      <MoreFields
        fields={draft}
        hasPassword={video.visibility === 'password'}
        write={(name, value) => change({ [name]: value })}
        failure={failure}
      />
      <Labelled label={t('publishAt')} hint={t('publishHint')} error={failure?.textFor('publishAt')}>
        {(parts) => (
          <input
            {...parts}
            className="control"
            type="datetime-local"
            value={draft.publishAt}
            onChange={(event) => write('publishAt', event.target.value)}
          />
        )}
      </Labelled>
      <MoreDetails draft={draft} write={write} failure={failure} />
      <TalkFields draft={draft} write={write} />
      <div className="form-acts editor-save">
        <Button look="lamp" type="submit" isBusy={isSaving} disabled={!isChanged}>
          {words('save')}
        </Button>
        <span className="studio-more" role="status">
          {isChanged ? t('unsaved') : ''}
        </span>
      </div>
    </form>
  )
}
