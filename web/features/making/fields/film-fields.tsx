import { useTranslations } from 'use-intl'
import type { ApiFailure } from '#web/lib/failure.ts'
import { type FieldName, type FilmFields, visibilities } from './film-fields.ts'
import { Labelled } from '#web/ui/labelled.tsx'
import { TagsField } from './tags-field.tsx'

export type Write = <N extends FieldName>(name: N, value: FilmFields[N]) => void
type Props = { fields: FilmFields; hasPassword: boolean; write: Write; failure?: ApiFailure | undefined }

/** What is said of a film besides its title. */
export function MoreFields({ fields, hasPassword, write, failure }: Props) {
  const t = useTranslations('making.fields')
  return (
    <>
      <Labelled label={t('description')} error={failure?.textFor('description')}>
        {(parts) => (
          <textarea
            {...parts}
            className="control control-area"
            rows={4}
            maxLength={20_000}
            value={fields.description}
            onChange={(event) => write('description', event.target.value)}
          />
        )}
      </Labelled>
      <TagsField tags={fields.tags} write={(tags) => write('tags', tags)} error={failure?.textFor('tags')} />
      <VisibilityFields fields={fields} hasPassword={hasPassword} write={write} failure={failure} />
    </>
  )
}

function VisibilityFields({ fields: { visibility, password }, hasPassword, write, failure }: Props) {
  const t = useTranslations('making.fields')
  return (
    <>
      <Labelled label={t('visibility')} hint={t(`visibilityHints.${visibility}`)} error={failure?.textFor('visibility')}>
        {(parts) => (
          <select
            {...parts}
            className="control control-select"
            value={visibility}
            onChange={(event) => write('visibility', visibilities.find((name) => name === event.target.value) ?? visibility)}
          >
            {visibilities.map((name) => (
              <option key={name} value={name}>
                {t(`visibilities.${name}`)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {visibility === 'password' ? (
        <Labelled label={t('password')} hint={hasPassword ? t('passwordKept') : t('passwordNeeded')} error={failure?.textFor('password')}>
          {(parts) => (
            <input
              {...parts}
              className="control"
              type="text"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={256}
              value={password}
              onChange={(event) => write('password', event.target.value)}
            />
          )}
        </Labelled>
      ) : null}
    </>
  )
}
