/** Words after which a name speaks of the copy and not of the film. */
const copyWords =
  /^(?:\d{3,4}[pi]|4k|8k|uhd|hdr(?:10)?|dv|bluray|blu-ray|bdrip|brrip|bdremux|remux|web|webrip|web-dl|webdl|hdtv|dvdrip|dvd|hdrip|x26[45]|h[.]?26[45]|hevc|avc|av1|xvid|divx|aac\d?|ac3|dts|ddp?\d?|truehd|atmos|proper|repack|extended|uncut|limited|multi|10bit|8bit|amzn|nf)$/i
const year = /^[([]?((?:19|20)\d\d)[)\]]?$/
const episode = /^s\d{1,2}e\d{1,3}(?:-?e\d{1,3})?$/i

/** A name for people out of a file's: `The.Third.Man.1949.1080p.BluRay.x264-GRP.mkv` is The Third Man (1949). */
export function titleOf(fileName: string): string {
  const stem = fileName.normalize('NFC').replace(/[.][A-Za-z0-9]{2,5}$/, '')
  // Names with spaces use dots as dots.
  const plain = /\s/.test(stem.trim()) ? stem : stem.replaceAll(/[._]+/g, ' ')
  const words = plain
    .replaceAll(/\[[^\]]*\]|【[^】]*】/g, ' ')
    .replaceAll('_', ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  const end = words.findIndex((word, place) => place > 0 && (copyWords.test(word.replace(/-\w+$/, '')) || copyWords.test(word)))
  const kept = end === -1 ? words : words.slice(0, end)
  const dated = kept.findLastIndex((word, place) => place > 0 && year.test(word))
  const titled = dated === -1 || kept.slice(0, dated).some((word) => episode.test(word)) ? kept : kept.slice(0, dated)
  const said = titled.map((word) => (episode.test(word) ? word.toUpperCase() : word)).join(' ')
  const when = dated === -1 || titled === kept ? '' : ` (${year.exec(kept[dated] ?? '')?.[1]})`
  return (
    `${said}${when}`
      .replaceAll(/\p{Cc}/gu, '')
      .replace(/[\s-]+$/, '')
      .slice(0, 200) ||
    stem.slice(0, 200).trim() ||
    fileName.slice(0, 200)
  )
}
