import { createTranslator } from 'use-intl/core'
import type { Letter } from '#server/ports/mail.ts'
import type { NoticeKind } from '#shared/api/notices.ts'
import { defaultLanguage, type Language, languages } from '#shared/language.ts'
import en from '#shared/locales/en/noticeLetters.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/noticeLetters.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/noticeLetters.json' with { type: 'json' }

const messages = { en, 'zh-CN': zhCN, 'zh-TW': zhTW } satisfies Record<Language, typeof en>

/** How much of what there is, and nothing that others have written: who opens the page reads it there. */
export function writeNoticeLetter(
  to: { email: string; name: string; language: string | null },
  counts: ReadonlyMap<NoticeKind, number>,
  say: { siteName: string; link: string },
): Letter {
  const language = languages.find((known) => known === to.language) ?? defaultLanguage
  const text = createTranslator({ locale: language, messages: messages[language] })
  const site = say.siteName.replaceAll(/[\r\n]+/g, ' ')
  const items = [...counts].map(([kind, count]) => `• ${text(`kinds.${kind}`, { count })}`)
  const lines = [text('hello', { username: to.name }), text('body', { site }), items.join('\n'), say.link, text('end')]
  return { to: to.email, subject: text('subject', { site }), text: `${lines.join('\n\n')}\n` }
}
