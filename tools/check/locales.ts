import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argumentsOf } from './icu.ts'
import type { Outcome, Step } from './step.ts'

const languages = ['en', 'zh-CN', 'zh-TW'] as const
type Language = (typeof languages)[number]
export type Texts = Map<string, string>

export const localesStep: Step = { name: 'locales', look: checkLocales }

/** Every text in every language, with the same arguments, and written: an English sentence is no Chinese text. */
export async function checkLocales(root: string): Promise<Outcome> {
  const complaints: string[] = []
  const areas = [...new Set(languages.flatMap((language) => listAreas(root, language)))].sort()
  let texts = 0
  for (const area of areas) {
    const all = new Map(languages.map((language) => [language, readTexts(root, language, area, complaints)]))
    const keys = [...new Set([...all.values()].flatMap((one) => [...one.keys()]))].sort()
    texts += keys.length
    for (const key of keys) complaints.push(...checkKey(area, key, all))
  }
  complaints.push(...(await checkScript(root, areas)))
  return { complaints, note: `${texts} texts in ${languages.length} languages` }
}

function checkKey(area: string, key: string, all: ReadonlyMap<Language, Texts>): string[] {
  const where = `${area}.json ${key}`
  const absent = languages.filter((language) => !all.get(language)?.has(key))
  if (absent.length > 0) return [`${where}: missing in ${absent.join(', ')}`]
  const asked = languages.map((language) => {
    try {
      return argumentsOf(all.get(language)?.get(key) ?? '').join(' ')
    } catch (error) {
      return `in ${language}: ${String(error)}`
    }
  })
  const broken = asked.find((one) => one.startsWith('in '))
  if (broken) return [`${where} ${broken}`]
  // A plural need not be one in a language that has none: the argument's name is what must agree.
  const names = asked.map((one) => one.replaceAll(/:\w+/g, ''))
  if (new Set(names).size > 1)
    return [`${where}: other arguments in each language: ${languages.map((language, i) => `${language} {${asked[i]}}`).join(', ')}`]
  return languages
    .filter((language) => language !== 'en' && isEnglish(all.get(language)?.get(key) ?? ''))
    .map((language) => `${where}: ${language} stands in English`)
}

/** Two words of Latin letters and no Han character; names of one word (FFmpeg) are the same everywhere. */
function isEnglish(text: string): boolean {
  const bare = text.replaceAll(/\{[^{}]*\}|<[^>]*>|https?:\S+/g, '')
  return !/\p{Script=Han}/u.test(bare) && /[a-z]{2,} [a-z]{2,}/i.test(bare)
}

/** Characters that exist only in the simplified script have no place in zh-TW, and those only traditional none in zh-CN. */
async function checkScript(root: string, areas: readonly string[]): Promise<string[]> {
  const { Converter } = (await import('opencc-js')) as unknown as {
    Converter(scripts: { from: string; to: string }): (text: string) => string
  }
  const toTraditional = Converter({ from: 'cn', to: 't' })
  const toSimplified = Converter({ from: 't', to: 'cn' })
  const foreign = {
    'zh-TW': (character: string) =>
      toTraditional(character) !== character && toSimplified(character) === character && !both.includes(character),
    'zh-CN': (character: string) =>
      toSimplified(character) !== character && toTraditional(character) === character && !both.includes(character),
  }
  return (['zh-CN', 'zh-TW'] as const).flatMap((language) =>
    areas.flatMap((area) =>
      [...readTexts(root, language, area, [])].flatMap(([key, text]) => {
        const found = [...new Set(text)].filter((character) => /\p{Script=Han}/u.test(character) && foreign[language](character))
        return found.length > 0 ? [`${area}.json ${key}: ${found.join('')} is not ${language}`] : []
      }),
    ),
  )
}

/** Written in both scripts, though a converter would change them. */
const both = '台后里干只面几系了么吧才划卷占周斗於松准凶借制咸布板着著乾瞭'

export function readTexts(root: string, language: Language, area: string, complaints: string[]): Texts {
  const path = join(root, 'shared/locales', language, `${area}.json`)
  const texts: Texts = new Map()
  if (!existsSync(path)) return texts
  try {
    flatten(JSON.parse(readFileSync(path, 'utf8')), '', texts)
  } catch (error) {
    complaints.push(`${language}/${area}.json: ${String(error)}`)
  }
  return texts
}

function flatten(value: unknown, key: string, texts: Texts): void {
  if (typeof value === 'string') texts.set(key, value)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) flatten(inner, key ? `${key}.${name}` : name, texts)
  } else throw new Error(`${key} is neither a text nor a group`)
}

function listAreas(root: string, language: Language): string[] {
  const folder = join(root, 'shared/locales', language)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
}
