import { createTranslator } from 'use-intl/core'
import type { Letter } from '#server/ports/mail.ts'
import { defaultLanguage, type Language, languages } from '#shared/language.ts'
import en from '#shared/locales/en/letters.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/letters.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/letters.json' with { type: 'json' }

const messages = { en, 'zh-CN': zhCN, 'zh-TW': zhTW } satisfies Record<Language, typeof en>

export type LetterKind = 'reset' | 'email'

/**
 * Fixed words and nothing of a caller's but the name that they may be called by, which holds letters and digits alone. Plain text: nothing in it can be
 * markup.
 */
export function writeLetter(
  kind: LetterKind,
  to: { email: string; username: string; language: string | null },
  say: { siteName: string; link: string; hours: number },
): Letter {
  const language = languages.find((known) => known === to.language) ?? defaultLanguage
  const text = createTranslator({ locale: language, messages: messages[language] })
  const site = oneLine(say.siteName)
  const values = { site, username: to.username, hours: say.hours }
  const lines = [text('hello', values), text(`${kind}.body`, values), say.link, text(`${kind}.end`, values), text('bye', values)]
  return { to: to.email, subject: text(`${kind}.subject`, values), text: `${lines.join('\n\n')}\n` }
}

const oneLine = (name: string) => name.replaceAll(/[\r\n]+/g, ' ')
