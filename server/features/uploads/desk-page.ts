import { createTranslator } from 'use-intl/core'
import type { Language } from '#shared/language.ts'
import en from '#shared/locales/en/uploadDesk.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/uploadDesk.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/uploadDesk.json' with { type: 'json' }
import type { DeskTask } from './desk.ts'

const messages = { en, 'zh-CN': zhCN, 'zh-TW': zhTW } satisfies Record<Language, typeof en>

export type DeskShown = { problem?: string } | { token: string; server: string; underWay: DeskTask[]; unheard: DeskTask[] }

/** The uploads of a business server, for whoever shows its token. Without script. */
export function writeDesk(language: Language, shown: DeskShown): string {
  const say = createTranslator({ locale: language, messages: messages[language] })
  const text = (...asked: Parameters<typeof say>) => escape(say(...asked))
  const state = (task: DeskTask) => text(`states.${task.state}`)
  const percent = ({ held, size }: DeskTask) => (size === 0 ? 100 : Math.floor((held / size) * 100))
  const head = (names: readonly string[]) => `<tr>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr>`
  const line = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  const table = (title: string, rows: readonly string[], names: readonly string[]) =>
    `<h2>${title}</h2>\n${rows.length === 0 ? `<p>${text('none')}</p>` : `<table>${head(names)}\n${rows.join('\n')}</table>`}`
  const ask = `<form method="post" action="/api/upload/tasks"><p><label>${text('token')} <input type="password" name="token" required autocomplete="off"></label> <button>${text('show')}</button></p></form>`
  const problem = 'problem' in shown && shown.problem !== undefined ? `<p role="alert">${escape(shown.problem)}</p>` : ''
  if (!('token' in shown)) return page(language, text('title'), problem + ask)
  const common = (task: DeskTask) => [String(task.taskId), escape(task.userId), escape(task.fileName)]
  const again = (task: DeskTask) =>
    `<form method="post" action="/api/upload/tasks/again"><input type="hidden" name="token" value="${escape(shown.token)}"><input type="hidden" name="taskId" value="${task.taskId}"><button>${text('again')}</button></form>`
  const running = shown.underWay.map((task) => line([...common(task), state(task), `${percent(task)} %`]))
  const failed = shown.unheard.map(({ callback, ...task }) =>
    line([
      ...common({ ...task, callback }),
      String(callback?.tries ?? 0),
      escape(callback?.nextAt ?? text('givenUp')),
      again({ ...task, callback }),
    ]),
  )
  const names = [text('task'), text('user'), text('file')]
  return page(
    language,
    `${text('title')}: ${escape(shown.server)}`,
    `${table(text('underWay'), running, [...names, text('state'), text('held')])}\n${table(text('unheard'), failed, [...names, text('tries'), text('next'), ''])}`,
  )
}

const page = (language: Language, title: string, body: string) =>
  `<!doctype html>\n<html lang="${language}">\n<meta charset="utf-8"><meta name="viewport" content="width=device-width">\n<title>${title}</title>\n<h1>${title}</h1>\n${body}\n</html>\n`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
