import { useTranslations } from 'use-intl'
import type { BeginSecondFactorAnswer, RecoveryCodesAnswer } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { CodeField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import './second-factor.css'

type Props = { begun: BeginSecondFactorAnswer; showCodes(codes: string[]): Promise<void> }

export function SecondFactorSetUp({ begun, showCodes }: Props) {
  const t = useTranslations('settings.secondFactor')
  const api = useApi()
  return (
    <Form
      action="/settings/security"
      send={async ({ code = '' }) => {
        const { recoveryCodes } = await api.send<RecoveryCodesAnswer>('PUT', '/me/second-factor', {
          code: code.replace(/\s/g, ''),
        })
        await showCodes(recoveryCodes)
      }}
    >
      <p>{t('scan')}</p>
      <img className="factor-qr" src={`data:image/svg+xml,${encodeURIComponent(begun.qrSvg)}`} alt={t('qr')} width={200} height={200} />
      <p className="factor-secret">
        <span>{t('byHand')}</span>
        <code>{inFours(begun.secret)}</code>
        <CopyButton text={begun.secret} label={t('copySecret')} />
      </p>
      <p>
        <a href={begun.address}>{t('openApp')}</a>
      </p>
      <CodeField name="code" label={t('code')} hint={t('codeHint')} autoFocus />
      <SaveButton text={t('confirm')} look="lamp" />
    </Form>
  )
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret
}
