import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { BeginSecondFactorAnswer, OwnProfile, RecoveryCodesAnswer } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { me } from '#web/lib/house.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { PasswordField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { useSay } from '#web/ui/status.tsx'
import { secondFactor } from './api.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecondFactorSetUp } from './second-factor-set-up.tsx'

type Step =
  | { step: 'none' }
  | { step: 'password'; for: 'begin' | 'end' | 'codes' }
  | { step: 'scan'; begun: BeginSecondFactorAnswer }
  | { step: 'codes'; codes: string[] }

/** Turned on in three steps: the password, the app and its first code, the recovery codes. */
export function SecondFactorMatter({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.secondFactor')
  const [step, setStep] = useState<Step>({ step: 'none' })
  const { data, error, refetch } = useReading(secondFactor)
  const { forget } = useReadings()
  const ask = (what: 'begin' | 'end' | 'codes') => setStep({ step: 'password', for: what })
  const showCodes = async (codes: string[]) => {
    setStep({ step: 'codes', codes })
    await Promise.all([forget(secondFactor.path), forget(me.path)])
  }

  return (
    <Matter title={t('title')} text={t('text')}>
      {user.mustSetUpSecondFactor ? <p className="form-failure">{t('must')}</p> : null}
      {error ? <FailedNotice failure={error} retry={refetch} /> : null}
      {!data && !error ? <Shape lines={2} /> : null}
      {data && !data.isOn ? (
        <div className="form-acts">
          <Button look="lamp" onClick={() => ask('begin')}>
            {t('turnOn')}
          </Button>
        </div>
      ) : null}
      {data?.isOn ? (
        <>
          <p>{t('isOn', { left: data.recoveryCodesLeft })}</p>
          <div className="form-acts">
            <Button onClick={() => ask('codes')}>{t('newCodes')}</Button>
            <Button look="danger" onClick={() => ask('end')}>
              {t('turnOff')}
            </Button>
          </div>
        </>
      ) : null}
      <Dialog title={t(titles[step.step])} isOpen={step.step !== 'none'} close={() => setStep({ step: 'none' })}>
        {step.step === 'password' ? (
          <PasswordStep
            purpose={step.for}
            scan={(begun) => setStep({ step: 'scan', begun })}
            showCodes={showCodes}
            end={() => setStep({ step: 'none' })}
          />
        ) : null}
        {step.step === 'scan' ? <SecondFactorSetUp begun={step.begun} showCodes={showCodes} /> : null}
        {step.step === 'codes' ? (
          <RecoveryCodes codes={step.codes} username={user.username} close={() => setStep({ step: 'none' })} />
        ) : null}
      </Dialog>
    </Matter>
  )
}

const titles = { none: 'title', password: 'passwordTitle', scan: 'scanTitle', codes: 'codesTitle' } as const

type PasswordStepProps = {
  purpose: 'begin' | 'end' | 'codes'
  scan(begun: BeginSecondFactorAnswer): void
  showCodes(codes: string[]): Promise<void>
  end(): void
}

function PasswordStep({ purpose, scan, showCodes, end }: PasswordStepProps) {
  const t = useTranslations('settings.secondFactor')
  const api = useApi()
  const say = useSay()
  const { forget } = useReadings()

  async function go(password: string) {
    if (purpose === 'begin') return scan(await api.send<BeginSecondFactorAnswer>('POST', '/me/second-factor', { password }))
    if (purpose === 'codes') {
      const { recoveryCodes } = await api.send<RecoveryCodesAnswer>('POST', '/me/second-factor/recovery-codes', { password })
      return await showCodes(recoveryCodes)
    }
    await api.send('DELETE', '/me/second-factor', { password })
    end()
    await Promise.all([forget(secondFactor.path), forget(me.path)])
    say({ look: 'done', text: t('isOff') })
  }

  return (
    <Form action="/settings/security" send={({ password = '' }) => go(password)}>
      <p>{t(`why.${purpose}`)}</p>
      <PasswordField name="password" label={t('password')} autoComplete="current-password" />
      <SaveButton text={t(`go.${purpose}`)} look={purpose === 'end' ? 'danger' : 'lamp'} />
    </Form>
  )
}
