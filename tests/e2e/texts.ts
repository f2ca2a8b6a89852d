import type { Language } from '#shared/language.ts'
import enAccounts from '#shared/locales/en/accounts.json' with { type: 'json' }
import enMaking from '#shared/locales/en/making.json' with { type: 'json' }
import enPages from '#shared/locales/en/pages.json' with { type: 'json' }
import enSettings from '#shared/locales/en/settings.json' with { type: 'json' }
import enShell from '#shared/locales/en/shell.json' with { type: 'json' }
import enStudio from '#shared/locales/en/studio.json' with { type: 'json' }
import cnAccounts from '#shared/locales/zh-CN/accounts.json' with { type: 'json' }
import cnMaking from '#shared/locales/zh-CN/making.json' with { type: 'json' }
import cnPages from '#shared/locales/zh-CN/pages.json' with { type: 'json' }
import cnSettings from '#shared/locales/zh-CN/settings.json' with { type: 'json' }
import cnShell from '#shared/locales/zh-CN/shell.json' with { type: 'json' }
import cnStudio from '#shared/locales/zh-CN/studio.json' with { type: 'json' }
import twAccounts from '#shared/locales/zh-TW/accounts.json' with { type: 'json' }
import twMaking from '#shared/locales/zh-TW/making.json' with { type: 'json' }
import twPages from '#shared/locales/zh-TW/pages.json' with { type: 'json' }
import twSettings from '#shared/locales/zh-TW/settings.json' with { type: 'json' }
import twShell from '#shared/locales/zh-TW/shell.json' with { type: 'json' }
import twStudio from '#shared/locales/zh-TW/studio.json' with { type: 'json' }

/** What a reader of each language sees: tests look for words, as people do. */
export const texts = {
  en: { accounts: enAccounts, making: enMaking, pages: enPages, settings: enSettings, shell: enShell, studio: enStudio },
  'zh-CN': { accounts: cnAccounts, making: cnMaking, pages: cnPages, settings: cnSettings, shell: cnShell, studio: cnStudio },
  'zh-TW': { accounts: twAccounts, making: twMaking, pages: twPages, settings: twSettings, shell: twShell, studio: twStudio },
} as const satisfies Record<Language, object>
