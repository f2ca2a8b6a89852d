/** What a media centre has written about a film beside it. */
export type Nfo = { title?: string; description?: string }

const caps = { text: 2 ** 20, title: 200, description: 20_000 }

/** Reads the few lines that are wanted, as words: no entity is followed and nothing is opened. A file that is something else says nothing. */
export function readNfo(text: string): Nfo {
  if (text.length > caps.text || !/<(?:movie|episodedetails|musicvideo|tvshow)[\s>]/i.test(text)) return {}
  const told = (tag: string) => plain(new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, 'i').exec(text)?.[1] ?? '')
  const [title, year, plot] = [told('title'), told('year') || told('premiered').slice(0, 4), told('plot') || told('outline')]
  const [show, season, part] = [told('showtitle'), told('season'), told('episode')]
  const number = /^\d+$/.test(season) && /^\d+$/.test(part) ? `S${season.padStart(2, '0')}E${part.padStart(2, '0')}` : ''
  const whole = show
    ? [show, number, title].filter((word) => word !== '').join(' ')
    : title && /^(?:19|20)\d\d$/.test(year)
      ? `${title} (${year})`
      : title
  return { ...(whole ? { title: whole.slice(0, caps.title) } : {}), ...(plot ? { description: plot.slice(0, caps.description) } : {}) }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const plain = (text: string) =>
  text
    .replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (all, tens?: string, hex?: string, name?: string) => {
      if (name) return named[name.toLowerCase()] ?? all
      const point = tens ? Number(tens) : Number.parseInt(hex ?? '', 16)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
    })
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim()
