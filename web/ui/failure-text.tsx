import { useTranslations } from 'use-intl'
import type { ApiFailure } from '#web/lib/failure.ts'

/** One sentence: what happened and what to do, as far as anybody knows. */
export function useFailureText(): (failure: ApiFailure) => string {
  const t = useTranslations('shell.failure')
  return ({ facts }) => {
    if (facts.kind === 'refused') return facts.text
    if (facts.kind === 'unreachable') return t('unreachable')
    return facts.requestId ? t('brokenWithId', { id: facts.requestId }) : t('broken')
  }
}

export function FailureText({ failure }: { failure: ApiFailure }) {
  return useFailureText()(failure)
}
