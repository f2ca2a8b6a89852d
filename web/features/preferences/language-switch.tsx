import type { FormEvent } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import type { MeAnswer } from '#shared/api/accounts.ts'
import { type Language, languages } from '#shared/language.ts'
import { useApi } from '#web/lib/api-context.ts'
import { keepChoice } from '#web/lib/choices.ts'
import { me } from '#web/lib/house.ts'
import { languageNames } from '#web/lib/language.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { useSpeaking } from '#web/lib/speaking.ts'
import './switch.css'

export function LanguageSwitch() {
  const t = useTranslations('shell')
  const current = useLocale()
  const { formToken } = usePageState()
  const choose = useChoosingLanguage()

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const chosen = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value')
    const next = languages.find((language) => language === chosen)
    if (next) void choose(next)
  }

  return (
    <form className="switch" method="post" action="/language" onSubmit={submit} aria-label={t('language.label')}>
      <input type="hidden" name="formToken" value={formToken} />
      {languages.map((language) => (
        <button
          key={language}
          className="switch-option"
          type="submit"
          name="language"
          value={language}
          lang={language}
          aria-pressed={current === language}
        >
          {languageNames[language]}
        </button>
      ))}
    </form>
  )
}

/** At once on this page, by cookie on this device, and with the account on every other. */
function useChoosingLanguage(): (language: Language) => Promise<void> {
  const api = useApi()
  const speak = useSpeaking()
  const { data } = useReading(me)
  const { put } = useReadings()
  return async (language) => {
    keepChoice('language', language)
    await speak(language)
    if (data?.user) put<MeAnswer>(me, { user: { ...data.user, language } })
    if (data?.user) await api.send('PATCH', '/me', { language })
  }
}
