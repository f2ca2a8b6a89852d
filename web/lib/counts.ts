import type { Language } from '#shared/language.ts'

/**
 * Numbers as our three languages write them, made by hand: the first number that a browser's own formatter writes costs it some 20 ms, on a phone four
 * times that, and they stand on every card of every page. The tests hold them to what the browser would have written.
 */
export function toCount(count: number, mostDigits = 0): string {
  const [whole = '', fraction] = String(Number(count.toFixed(mostDigits))).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '')
}

const steps: Record<Language, readonly (readonly [size: number, sign: string])[]> = {
  en: [
    [1e3, 'K'],
    [1e6, 'M'],
    [1e9, 'B'],
  ],
  'zh-CN': [
    [1e4, '万'],
    [1e8, '亿'],
  ],
  'zh-TW': [
    [1e4, '萬'],
    [1e8, '億'],
  ],
}

/** As narrow places show it: 1.2K, 1.2万. Of how many there are: whole, and none of them negative. */
export function toShortCount(count: number, language: Language): string {
  let written = String(count)
  let smaller = 1
  for (const [size, sign] of steps[language]) {
    // What would be written as a whole one of the next size is one: 999,500 is 1M, not 1000K.
    if (count >= size - smaller / 2) written = tenths(count, size) / 10 + sign
    smaller = size
  }
  return written
}

/** One digit after the point while there is one before it, none after that; by whole numbers, so that a half is a half. */
function tenths(count: number, size: number): number {
  const parts = Math.round((count * 10) / size)
  return parts < 100 ? parts : Math.round(count / size) * 10
}
