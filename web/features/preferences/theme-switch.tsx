import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Theme, themes } from '#shared/page.ts'
import { keepChoice } from '#web/lib/choices.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { SwitchForm } from './switch-form.tsx'

/** Dark, light, or as the system says. Kept on this device: rooms differ, not people. */
export function ThemeSwitch() {
  const t = useTranslations('shell.theme')
  const state = usePageState()
  const [theme, setTheme] = useState<Theme>(() => (typeof document === 'undefined' ? undefined : currentTheme()) ?? state.theme)

  function choose(next: Theme) {
    document.documentElement.dataset['theme'] = next
    keepChoice('theme', next)
    setTheme(next)
  }

  const options = themes.map((value) => ({ value, label: t(value) }))
  return <SwitchForm name="theme" label={t('label')} options={options} chosen={theme} choose={choose} />
}

function currentTheme(): Theme | undefined {
  return themes.find((name) => name === document.documentElement.dataset['theme'])
}
