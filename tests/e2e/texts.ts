import type { Language } from '#shared/language.ts'
import enAccounts from '#shared/locales/en/accounts.json' with { type: 'json' }
import enFilms from '#shared/locales/en/films.json' with { type: 'json' }
import enMaking from '#shared/locales/en/making.json' with { type: 'json' }
import enModeration from '#shared/locales/en/moderation.json' with { type: 'json' }
import enPages from '#shared/locales/en/pages.json' with { type: 'json' }
import enSettings from '#shared/locales/en/settings.json' with { type: 'json' }
import enShell from '#shared/locales/en/shell.json' with { type: 'json' }
import enStudio from '#shared/locales/en/studio.json' with { type: 'json' }
import enWatch from '#shared/locales/en/watch.json' with { type: 'json' }
import cnAccounts from '#shared/locales/zh-CN/accounts.json' with { type: 'json' }
import cnFilms from '#shared/locales/zh-CN/films.json' with { type: 'json' }
import cnMaking from '#shared/locales/zh-CN/making.json' with { type: 'json' }
import cnModeration from '#shared/locales/zh-CN/moderation.json' with { type: 'json' }
import cnPages from '#shared/locales/zh-CN/pages.json' with { type: 'json' }
import cnSettings from '#shared/locales/zh-CN/settings.json' with { type: 'json' }
import cnShell from '#shared/locales/zh-CN/shell.json' with { type: 'json' }
import cnStudio from '#shared/locales/zh-CN/studio.json' with { type: 'json' }
import cnWatch from '#shared/locales/zh-CN/watch.json' with { type: 'json' }
import twAccounts from '#shared/locales/zh-TW/accounts.json' with { type: 'json' }
import twFilms from '#shared/locales/zh-TW/films.json' with { type: 'json' }
import twMaking from '#shared/locales/zh-TW/making.json' with { type: 'json' }
import twModeration from '#shared/locales/zh-TW/moderation.json' with { type: 'json' }
import twPages from '#shared/locales/zh-TW/pages.json' with { type: 'json' }
import twSettings from '#shared/locales/zh-TW/settings.json' with { type: 'json' }
import twShell from '#shared/locales/zh-TW/shell.json' with { type: 'json' }
import twStudio from '#shared/locales/zh-TW/studio.json' with { type: 'json' }
import twWatch from '#shared/locales/zh-TW/watch.json' with { type: 'json' }

/** What a reader of each language sees: tests look for words, as people do. */
export const texts = {
  en: {
    accounts: enAccounts,
    films: enFilms,
    making: enMaking,
    moderation: enModeration,
    pages: enPages,
    settings: enSettings,
    shell: enShell,
    studio: enStudio,
    watch: enWatch,
  },
  'zh-CN': {
    accounts: cnAccounts,
    films: cnFilms,
    making: cnMaking,
    moderation: cnModeration,
    pages: cnPages,
    settings: cnSettings,
    shell: cnShell,
    studio: cnStudio,
    watch: cnWatch,
  },
  'zh-TW': {
    accounts: twAccounts,
    films: twFilms,
    making: twMaking,
    moderation: twModeration,
    pages: twPages,
    settings: twSettings,
    shell: twShell,
    studio: twStudio,
    watch: twWatch,
  },
} as const satisfies Record<Language, object>
