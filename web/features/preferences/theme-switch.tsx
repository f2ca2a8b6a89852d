import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Theme, themes } from '#shared/page.ts'
import { keepChoice } from '#web/lib/choices.ts'
import { usePageState } from '#web/lib/page-state.ts'
import './switch.css'

/** Dark, light, or as the system says. Kept on this device: rooms differ, not people. */
export function ThemeSwitch() {
  const t = useTranslations('shell')
  const state = usePageState()
  const [theme, setTheme] = useState<Theme>(() => (typeof document === 'undefined' ? undefined : currentTheme()) ?? state.theme)

  function choose(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const chosen = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value')
    const next = themes.find((name) => name === chosen)
    if (!next) return
    document.documentElement.dataset['theme'] = next
    keepChoice('theme', next)
    setTheme(next)
  }

  return (
    <form className="switch" method="post" action="/theme" onSubmit={choose} aria-label={t('theme.label')}>
      <input type="hidden" name="formToken" value={state.formToken} />
      {themes.map((name) => (
        <button key={name} className="switch-option" type="submit" name="theme" value={name} aria-pressed={theme === name}>
          {t(`theme.${name}`)}
        </button>
      ))}
    </form>
  )
}

function currentTheme(): Theme | undefined {
  return themes.find((name) => name === document.documentElement.dataset['theme'])
}
