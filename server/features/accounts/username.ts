import { wrongField } from './errors.ts'
import { foldText } from '#server/lib/plain-text.ts'
import { reservedNames } from './reserved-names.ts'

export type Username = { name: string; key: string }

const shape = /^[\p{L}\p{M}0-9]+(?:[._-][\p{L}\p{M}0-9]+)*$/u
// Not a letter of any language's names: phonetic signs, look-alikes among the letters, what is not seen at all.
const strange = /[\u0250-\u02AF\u1D00-\u1DBF\p{Default_Ignorable_Code_Point}]|(?![ー々〻ゝゞヽヾ])\p{Lm}/u
const manyMarks = /\p{M}{3,}/u
const length = { min: 2, max: 32 }

/** A name that somebody wants. Throws `invalid` with the reason; `mayReserved` lets the owner be called `admin`. */
export function parseUsername(raw: string, options: { mayReserved?: boolean } = {}): Username {
  const name = raw.trim().normalize('NFKC')
  const count = [...name].length
  if (count < length.min || count > length.max) throw wrong('username.length', length)
  if (!shape.test(name) || strange.test(name) || manyMarks.test(name)) throw wrong('username.characters')
  if (!isOneWriting(name)) throw wrong('username.mixed')
  const key = usernameKey(name)
  if (!options.mayReserved && isReserved(key)) throw wrong('username.reserved')
  return { name, key }
}

/**
 * What two names share that readers take for the same: capitals, widths, and letters of other scripts that look like Latin ones.
 * Answers for anything that can be typed; whether such a name could exist is another question.
 */
export function usernameKey(raw: string): string {
  const folded = foldText(raw.trim())
  return [...folded]
    .map((letter) => latinTwins.get(letter) ?? letter)
    .join('')
    .slice(0, 100)
}

/** Signs between the letters do not make another name. */
function isReserved(key: string): boolean {
  return reserved.has(key) || reserved.has(key.replaceAll(/[._-]/g, ''))
}

const wrong = (code: string, params: Record<string, number> = {}) => wrongField('username', code, params)

// Pairs of a letter and its Latin twin, of small letters and of capitals alike (В is a twin of B, hence в of b).
const latinTwins = new Map(
  [
    'аa вb сc ԁd еe ёe ѓr гr һh нh іi їi јj кk ӏl мm оo рp ԛq ѕs тt уy ԝw хx ўy',
    'αa βb εe ηh ιi κk μm νv οo ρp τt υu χx ζz γy άa έe ήh ίi όo ύu',
    'օo սu հh յj ցg զq',
  ]
    .join(' ')
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, -1), pair.slice(-1)]),
)

const scripts = (
  'Latin Han Hiragana Katakana Bopomofo Hangul Cyrillic Greek Arabic Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada ' +
  'Khmer Lao Malayalam Mongolian Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan Yi'
)
  .split(' ')
  .map((script) => ({ script, of: new RegExp(`^\\p{Script_Extensions=${script}}$`, 'u') }))

const together = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
  ...scripts
    .map(({ script }) => script)
    .filter((script) => script !== 'Cyrillic' && script !== 'Greek')
    .map((script) => ['Latin', script]),
  ['Cyrillic'],
  ['Greek'],
]

// UTS 39, "moderately restrictive": one script, the scripts that Chinese, Japanese and Korean write together, or Latin beside one that has no twins in it.
function isOneWriting(name: string): boolean {
  const letters = [...name].filter((letter) => !/[0-9._-]/.test(letter))
  return together.some((group) => letters.every((letter) => scripts.some(({ script, of }) => group.includes(script) && of.test(letter))))
}

const reserved = new Set(reservedNames.map(usernameKey))
