import { words } from './common-words.ts'

/**
 * Is it among those that are tried first? The well-known lists are, nearly all, a word everybody thinks of with a tail everybody adds, a walk on
 * the keyboard, a row of digits, a date or something said twice: so the list is written as these rules, and holds some hundred thousand.
 */
export function isCommonPassword(password: string): boolean {
  const plain = password.normalize('NFKC').toLowerCase()
  return [plain, unleet(plain)].some((form) => isOneThing(form) || isRepeat(form) || isDate(form) || isWalk(form) || isWordWithTail(form))
}

const swaps: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

// Signs in the place of letters, not in the tail: p@ssw0rd123 → password123.
function unleet(form: string): string {
  const tail = /[^a-z]*$/.exec(form)?.[0] ?? ''
  const stem = form.slice(0, form.length - tail.length)
  return stem.replace(/[013457@$!]/g, (sign) => swaps[sign] ?? sign) + tail
}

const isOneThing = (form: string) => new Set(form).size <= 2

// abcabcabc, 12341234, passwordpassword
const isRepeat = (form: string) => /^(.{1,5})\1+$|^(.{6,8})\2{2,}$/s.test(form) || isTwice(form)

function isTwice(form: string): boolean {
  const half = form.slice(0, form.length / 2)
  return form === half + half && isKnown(half)
}

// 19900101, 01011990, with or without signs, and with one or two letters in front (zx19900101)
function isDate(form: string): boolean {
  const digits = form.replace(/^[a-z]{0,3}/, '').replaceAll(/[-./]/g, '')
  return (
    /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(digits) ||
    /^(0[1-9]|[12]\d|3[01])(0[1-9]|[12]\d|3[01])(19|20)\d\d$/.test(digits)
  )
}

const rows = [
  '01234567890',
  '1234567890-=',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiop',
  'azertyuiop',
  '147258369',
  '159357',
]
const columns = [
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  'qaz',
  'wsx',
  'edc',
  'rfv',
  'tgb',
  'zaq1',
  'xsw2',
  'cde3',
  'vfr4',
  'zaq',
  'xsw',
  'cde',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'a1s2d3f4g5h6',
  '1a2b3c4d5e6f',
  'a1b2c3d4e5f6',
]
const walks = [...rows, ...rows.map(reverse), ...columns]

/** Nothing but pieces of walks of three keys and more, each known; single keys may stand between. */
function isWalk(form: string): boolean {
  if (form.length > 64) return false
  let at = 0
  let loose = 0
  while (at < form.length) {
    const step = longestWalk(form.slice(at))
    if (step < 3) loose++
    at += step < 3 ? 1 : step
  }
  return loose <= 1
}

function longestWalk(form: string): number {
  for (let length = Math.min(form.length, 26); length >= 3; length--) {
    const piece = form.slice(0, length)
    if (walks.some((walk) => walk.includes(piece))) return length
  }
  return 0
}

function isWordWithTail(form: string): boolean {
  const found = /^(\d{0,4}|[!@#]?)([a-z]+|\p{Script=Han}+)([^a-z]*)$/u.exec(form)
  if (!found) return false
  const [, head = '', stem = '', tail = ''] = found
  return (head === '' || isTail(head)) && isTail(tail) && isKnown(stem)
}

// Up to four digits of any kind, a row of them, a year, a lover's number; then signs.
function isTail(tail: string): boolean {
  const digits = tail.replace(/^[_\-.@#]/, '').replace(/[!@#$%&*.?~_-]{1,3}$/, '')
  return (
    /^\d{0,4}$/.test(digits) ||
    /^(520|521|1314|5201314|1314520|147258|147258369|123123|112233|666666|888888|6{4,8}|8{4,8}|0{4,8}|1{4,8})$/.test(digits) ||
    isRow(digits)
  )
}

const isRow = (digits: string) => digits.length >= 3 && walks.some((walk) => walk.includes(digits))

/** One word, or two of them: loveyou, dragonmaster. */
function isKnown(stem: string): boolean {
  if (known.has(stem)) return true
  for (let at = 2; at <= stem.length - 2; at++) {
    if (known.has(stem.slice(0, at)) && known.has(stem.slice(at))) return true
  }
  return false
}

const known = new Set(words)

function reverse(row: string): string {
  return [...row].reverse().join('')
}
