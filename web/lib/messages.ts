import type { Language } from '#shared/language.ts'
import type accounts from '#shared/locales/en/accounts.json'
import type admin from '#shared/locales/en/admin.json'
import type allFilms from '#shared/locales/en/allFilms.json'
import type films from '#shared/locales/en/films.json'
import type making from '#shared/locales/en/making.json'
import type moderation from '#shared/locales/en/moderation.json'
import type notices from '#shared/locales/en/notices.json'
import type pages from '#shared/locales/en/pages.json'
import type settings from '#shared/locales/en/settings.json'
import type shell from '#shared/locales/en/shell.json'
import type studio from '#shared/locales/en/studio.json'
import type watch from '#shared/locales/en/watch.json'

/** Texts by area; a page names the areas it needs, and only those travel. `shell` is always there. */
export type Messages = {
  shell: typeof shell
  accounts: typeof accounts
  admin: typeof admin
  allFilms: typeof allFilms
  films: typeof films
  making: typeof making
  moderation: typeof moderation
  notices: typeof notices
  pages: typeof pages
  settings: typeof settings
  studio: typeof studio
  watch: typeof watch
}
export type Area = keyof Messages

declare module 'use-intl' {
  interface AppConfig {
    Locale: Language
    Messages: Messages
  }
}

const files = import.meta.glob<Messages[Area]>(
  '../../shared/locales/*/{shell,accounts,admin,allFilms,films,making,moderation,notices,pages,settings,studio,watch}.json',
  {
    import: 'default',
  },
)

/** Where an area's texts stand in the build's manifest. */
export function localeFile(language: Language, area: Area): string {
  return `shared/locales/${language}/${area}.json`
}

export async function loadMessages(language: Language, areas: readonly Area[]): Promise<Messages> {
  const loaded = await Promise.all(areas.map(async (area) => [area, await load(language, area)] as const))
  // The areas not loaded are missing: a page that forgets to name one shows keys, which its tests see.
  return Object.fromEntries(loaded) as Messages
}

async function load(language: Language, area: Area): Promise<Messages[Area]> {
  const file = files[`../../${localeFile(language, area)}`]
  if (!file) throw new Error(`There is no ${localeFile(language, area)}.`)
  return await file()
}
