import { useLocale, useTranslations } from 'use-intl'
import type { MeAnswer } from '#shared/api/accounts.ts'
import { type Language, languages } from '#shared/language.ts'
import { useApi } from '#web/lib/api-context.ts'
import { keepChoice } from '#web/lib/choices.ts'
import { me } from '#web/lib/house.ts'
import { languageNames } from '#web/lib/language.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { useSpeaking } from '#web/lib/speaking.ts'
import { SwitchForm } from './switch-form.tsx'

const options = languages.map((value) => ({ value, label: languageNames[value], lang: value }))

export function LanguageSwitch() {
  const t = useTranslations('shell.language')
  const choose = useChoosingLanguage()
  return <SwitchForm name="language" label={t('label')} options={options} chosen={useLocale()} choose={(next) => void choose(next)} />
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
    if (!data?.user) return
    put<MeAnswer>(me, { user: { ...data.user, language } })
    await api.send('PATCH', '/me', { language })
  }
}
