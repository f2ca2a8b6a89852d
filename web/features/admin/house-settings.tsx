import { useTranslations } from 'use-intl'
import type { ChangeSettingsBody, SettingsAnswer } from '#shared/api/admin.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button } from '#web/ui/button.tsx'
import { Choice } from '#web/ui/choice.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { houseSettings } from './api.ts'
import { changesOf, type LimitName, limits } from './limits.ts'
import './house-settings.css'

const signUpModes = ['open', 'invitation', 'approval', 'closed'] as const
const demands = ['nobody', 'admins', 'everybody'] as const

/** What admins set holds over the configuration, at once and in every process; each can be given back to it. */
export function HouseSettings() {
  const { data, error, refetch } = useReading(houseSettings)
  if (error && !data) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape lines={6} />
  return (
    <>
      <DoorMatter settings={data} />
      <LimitsMatter settings={data} />
      <ChangedMatter settings={data} />
    </>
  )
}

function useChanging(): (change: ChangeSettingsBody) => Promise<void> {
  const t = useTranslations('admin.settings')
  const api = useApi()
  const say = useSay()
  const { put, forget } = useReadings()
  return async (change) => {
    put(houseSettings, await api.send<SettingsAnswer>('PATCH', '/admin/settings', change))
    await forget('/site')
    say({ look: 'done', text: t('saved') })
  }
}

function DoorMatter({ settings: { values } }: { settings: SettingsAnswer }) {
  const t = useTranslations('admin.settings')
  const change = useChanging()
  return (
    <Matter title={t('house')} text={t('houseText')}>
      <Form
        // A new form for new values: fields keep what they were born with.
        key={`${values.siteName} ${values.signUp} ${values.requireSecondFactor}`}
        action="/admin/settings"
        send={({ siteName = '', signUp, requireSecondFactor }) =>
          change({
            siteName: siteName.trim(),
            signUp: signUpModes.find((name) => name === signUp) ?? values.signUp,
            requireSecondFactor: demands.find((name) => name === requireSecondFactor) ?? values.requireSecondFactor,
          })
        }
      >
        <TextField name="siteName" label={t('siteName')} defaultValue={values.siteName} maxLength={60} autoComplete="off" />
        <Choice
          name="signUp"
          label={t('signUp')}
          defaultValue={values.signUp}
          options={signUpModes.map((value) => ({ value, label: t(`signUpModes.${value}`), hint: t(`signUpHints.${value}`) }))}
        />
        <Choice
          name="requireSecondFactor"
          label={t('secondFactor')}
          defaultValue={values.requireSecondFactor}
          options={demands.map((value) => ({ value, label: t(`demands.${value}`) }))}
        />
        <SaveButton look="lamp" />
      </Form>
    </Matter>
  )
}

function LimitsMatter({ settings: { values } }: { settings: SettingsAnswer }) {
  const t = useTranslations('admin.settings')
  const change = useChanging()
  return (
    <Matter title={t('limits')} text={t('limitsText')}>
      <Form key={JSON.stringify(values)} action="/admin/settings" send={(written) => change(changesOf(written, values))}>
        <div className="limits">
          {limits.map(({ name, toShown }) => (
            <TextField
              key={name}
              name={name}
              type="number"
              min={0}
              step="any"
              inputMode="decimal"
              label={t(`limitNames.${name}`)}
              hint={t(`limitHints.${name}`)}
              defaultValue={String(toShown(values[name]))}
            />
          ))}
        </div>
        <SaveButton />
      </Form>
    </Matter>
  )
}

function ChangedMatter({ settings: { changed, configured } }: { settings: SettingsAnswer }) {
  const t = useTranslations('admin.settings')
  const failureText = useFailureText()
  const say = useSay()
  const { put, forget } = useReadings()
  const { busy, run } = useDeeds()
  if (changed.length === 0) return null

  async function giveBack(name: string) {
    const outcome = await run(name, async (api) =>
      put(houseSettings, await api.send<SettingsAnswer>('PATCH', '/admin/settings', { [name]: null })),
    )
    if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
    if (outcome.state === 'done') await forget('/site')
  }

  return (
    <Matter title={t('changed')} text={t('changedText')}>
      <ul className="given-back" role="list">
        {changed.map((name) => (
          <li key={name}>
            <span>{nameOf(name, t)}</span>
            <span className="given-back-value">{t('configured', { value: shownOf(name, configured) })}</span>
            <Button
              size="small"
              isBusy={busy === name}
              onClick={() => void giveBack(name)}
              aria-label={t('giveBackNamed', { name: nameOf(name, t) })}
            >
              {t('giveBack')}
            </Button>
          </li>
        ))}
      </ul>
    </Matter>
  )
}

function nameOf(name: string, t: ReturnType<typeof useTranslations<'admin.settings'>>): string {
  if (name === 'siteName') return t('siteName')
  if (name === 'signUp') return t('signUp')
  if (name === 'requireSecondFactor') return t('secondFactor')
  return limits.some((limit) => limit.name === name) ? t(`limitNames.${name as LimitName}`) : name
}

function shownOf(name: string, configured: SettingsAnswer['configured']): string {
  const limit = limits.find((known) => known.name === name)
  return String(limit ? limit.toShown(configured[limit.name]) : configured[name as keyof SettingsAnswer['configured']])
}
