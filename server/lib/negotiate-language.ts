import { defaultLanguage, type Language } from '#shared/language.ts'

/** What a browser's Accept-Language asks for, of the languages we speak. `zh-HK` and `zh-Hant` read traditional characters, other Chinese simplified ones. */
export function negotiateLanguage(header: string | undefined): Language {
  if (header === undefined || header === '') return defaultLanguage
  const known = answers.get(header)
  if (known) return known
  const language = negotiate(header.slice(0, 400))
  if (answers.size > 1000) answers.clear()
  answers.set(header, language)
  return language
}

const answers = new Map<string, Language>()

function negotiate(header: string): Language {
  const wishes = header.split(',').map((part, place) => {
    const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    return { language: toLanguage(tag), weight: Number.isFinite(weight) ? weight : 0, place }
  })
  const spoken = wishes.filter((wish) => wish.language && wish.weight > 0).sort((a, b) => b.weight - a.weight || a.place - b.place)
  return spoken[0]?.language ?? defaultLanguage
}

function toLanguage(tag: string): Language | undefined {
  const [primary, ...rest] = tag.split('-')
  if (primary === 'en') return 'en'
  if (primary !== 'zh') return undefined
  if (rest.includes('hans')) return 'zh-CN'
  return rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-TW' : 'zh-CN'
}
