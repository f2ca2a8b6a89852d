import { createTranslator } from 'use-intl/core'
import type { Language } from '#shared/language.ts'
import en from '#shared/locales/en/testpage.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/testpage.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/testpage.json' with { type: 'json' }

const messages = { en, 'zh-CN': zhCN, 'zh-TW': zhTW } satisfies Record<Language, typeof en>

type Shown = { language: Language; limitBytes: number; isSignedIn: boolean; videoId: string | undefined }

/** http-api, "Simple upload": a bare form, without any script. Without a video it makes a new one. */
export function writeTestPage({ language, limitBytes, isSignedIn, videoId }: Shown): string {
  const say = createTranslator({ locale: language, messages: messages[language] })
  const text = (...asked: Parameters<typeof say>) => escape(say(...asked))
  const mebibytes = Math.floor(limitBytes / 2 ** 20)
  const signIn = isSignedIn ? '' : `<p><a href="/login">${text('signIn')}</a></p>\n`
  return page(
    language,
    text('title'),
    `${signIn}<form method="get" action="/testpage">
<p><label>${text('video')} <input name="vid" value="${escape(videoId ?? '')}" pattern="[0-9a-z]+" maxlength="64"></label> <button>${text('choose')}</button></p>
</form>
<form method="post" enctype="multipart/form-data" action="/upload/${encodeURIComponent(videoId ?? 'new')}">
<p><label>${text('file', { mebibytes })} <input type="file" name="file" required></label> <button>${text('send')}</button></p>
</form>
<p>${text('large')}</p>`,
  )
}

/** What a form that was sent without script is answered with. */
export function writeOutcome(language: Language, said: { videoId: string } | { problem: string }): string {
  const say = createTranslator({ locale: language, messages: messages[language] })
  const back = `<p><a href="/testpage">${escape(say('again'))}</a></p>`
  if ('problem' in said) return page(language, escape(said.problem), back)
  const watch = `<p><a href="/watch/${encodeURIComponent(said.videoId)}">${escape(say('watch'))}</a></p>`
  return page(language, escape(say('arrived')), watch + back)
}

const page = (language: Language, title: string, body: string) =>
  `<!doctype html>\n<html lang="${language}">\n<meta charset="utf-8"><meta name="viewport" content="width=device-width">\n<title>${title}</title>\n<h1>${title}</h1>\n${body}\n</html>\n`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
