import { toXmlText } from '#server/lib/xml.ts'

const head = '<?xml version="1.0" encoding="UTF-8"?>'
const xmlns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

export function toSitemapIndex(addresses: readonly string[]): string {
  const maps = addresses.map((address) => `<sitemap><loc>${toXmlText(address)}</loc></sitemap>`)
  return [head, `<sitemapindex ${xmlns}>`, ...maps, '</sitemapindex>', ''].join('\n')
}

export function toSitemap(pages: readonly { address: string; changedMs: number | undefined }[]): string {
  const urls = pages.map(({ address, changedMs }) => {
    const changed = changedMs === undefined ? '' : `<lastmod>${new Date(changedMs).toISOString()}</lastmod>`
    return `<url><loc>${toXmlText(address)}</loc>${changed}</url>`
  })
  return [head, `<urlset ${xmlns}>`, ...urls, '</urlset>', ''].join('\n')
}
