import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { DownloadIcon } from '#web/ui/icons.tsx'
import './second-factor.css'

type Props = { codes: string[]; username: string; close(): void }

/** Shown this one time, with two ways to take them along. */
export function RecoveryCodes({ codes, username, close }: Props) {
  const t = useTranslations('settings.secondFactor')
  const text = `${codes.join('\n')}\n`

  function download() {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
    const link = Object.assign(document.createElement('a'), { href: url, download: `matinee-${username}.txt` })
    link.click()
    URL.revokeObjectURL(url)
  }

  return (
    <>
      <p>{t('codes')}</p>
      <ul className="factor-codes" role="list">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="form-acts">
        <CopyButton text={text} label={t('copyCodes')} isWordy />
        <Button icon={DownloadIcon} onClick={download}>
          {t('downloadCodes')}
        </Button>
      </div>
      <Button look="lamp" size="wide" onClick={close}>
        {t('kept')}
      </Button>
    </>
  )
}
