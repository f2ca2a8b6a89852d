// Controls, marks that turn the direction of what follows, and other things that nobody sees. Joiners stay: emoji and Indic scripts need them.
const unseen =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u{061C}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{200B}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{3164}\u{FEFF}\u{FFA0}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E001F}]/gu
const towers = /(\p{M}{4})\p{M}+/gu

/** One line as people may write it anywhere: one spelling (NFC), no breaks, nothing unseen, no towers of accents. Empty when nothing is left. */
export function toLine(text: string): string {
  // What is unseen goes before spaces and accents are looked at: it may have stood between them.
  const seen = text
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(unseen, '')
    .normalize('NFC')
    .replace(towers, '$1')
    .replace(/ +/g, ' ')
    .trim()
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(seen) ? seen : ''
}

/** The same with breaks; at most one empty line in a row. */
export function toParagraphs(text: string): string {
  const lines = text
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
    .split('\n')
    .map(toLine)
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Capitals, widths and spellings that readers take for the same are the same. For comparing and finding, never for showing. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
