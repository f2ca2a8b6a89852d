import { useTranslations } from 'use-intl'
import type { ApiFailure } from '#web/lib/failure.ts'

/** One sentence: what happened and what to do, as far as anybody knows. */
export function FailureText({ failure }: { failure: ApiFailure }) {
  const t = useTranslations('shell')
  const { facts } = failure
  if (facts.kind === 'refused') return facts.text
  if (facts.kind === 'unreachable') return t('failure.unreachable')
  return facts.requestId ? t('failure.brokenWithId', { id: facts.requestId }) : t('failure.broken')
}
