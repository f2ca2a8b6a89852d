import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'

const steps = ['sending', 'verifying', 'preparing', 'playable'] as const

type Props = {
  /** Which of the four; none where it stands still. */
  step?: number | undefined
  isHeldUp?: boolean
  children: ReactNode
}

/** The stages as words, the present one lit, and a line on how it goes there. */
export function StageLine({ step, isHeldUp = false, children }: Props) {
  const t = useTranslations('making.stage')
  return (
    <div className="stage">
      {step === undefined ? null : (
        <ol className="stage-steps" role="list" aria-label={t('steps')}>
          {steps.map((name, at) => (
            <li key={name} data-is={at < step ? 'past' : at === step ? 'now' : 'ahead'} aria-current={at === step ? 'step' : undefined}>
              {t(`names.${name}`)}
            </li>
          ))}
        </ol>
      )}
      <p className="stage-words count" data-held-up={isHeldUp}>
        {children}
      </p>
    </div>
  )
}
