import type { BuildManifest, PageRequest } from '#shared/page.ts'
import type { Head } from '#web/lib/head.ts'
import { localeFile } from '#web/lib/messages.ts'
import type { PageEntry } from '#web/lib/page.ts'
import { type PageState, stateElementId } from '#web/lib/page-state.ts'

export type DocumentParts = {
  request: PageRequest
  state: PageState
  html: string
  head: Head
  manifest: BuildManifest
  entry: PageEntry
  siteName: string
}

const appFile = 'web/app/entry-client.tsx'

/** The whole document. Nothing in it is executed but files of our own: state travels as data, styles and scripts as addresses. */
export function toDocument(parts: DocumentParts): string {
  const { request, state, html } = parts
  return `<!doctype html>
<html lang="${request.language}" data-theme="${request.theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
${[...toTags(parts), ...toFiles(parts)].join('\n')}
</head>
<body>
<div id="root">${html}</div>
<script type="application/json" id="${stateElementId}">${toInertJson(state)}</script>
</body>
</html>
`
}

function toTags({ request, head, siteName }: DocumentParts): string[] {
  const address = new URL(request.url, request.origin)
  const meta = (name: string, content: string) => `<meta name="${name}" content="${escaped(content)}">`
  const property = (name: string, content: string) => `<meta property="${name}" content="${escaped(content)}">`
  return [
    `<title>${escaped(head.title)}</title>`,
    ...(head.description ? [meta('description', head.description), property('og:description', head.description)] : []),
    ...(head.isHidden ? [meta('robots', 'noindex')] : [`<link rel="canonical" href="${escaped(address.origin + address.pathname)}">`]),
    property('og:title', head.title),
    property('og:site_name', siteName),
    property('og:type', 'website'),
    property('og:url', address.origin + address.pathname),
    property('og:image', new URL(head.image ?? '/icons/512.png', request.origin).href),
    property('og:locale', request.language.replace('-', '_')),
    meta('color-scheme', request.theme === 'auto' ? 'dark light' : request.theme),
    ...toThemeColours(request.theme).map(({ colour, media }) => `<meta name="theme-color" content="${colour}"${media}>`),
    '<link rel="icon" href="/icons/icon.svg" type="image/svg+xml">',
    '<link rel="apple-touch-icon" href="/icons/180.png">',
    '<link rel="manifest" href="/manifest.webmanifest">',
  ]
}

const roomColours = { dark: '#0f0d0b', light: '#f8f3ea' }

function toThemeColours(theme: PageRequest['theme']): { colour: string; media: string }[] {
  if (theme !== 'auto') return [{ colour: roomColours[theme], media: '' }]
  return (['dark', 'light'] as const).map((scheme) => ({
    colour: roomColours[scheme],
    media: ` media="(prefers-color-scheme: ${scheme})"`,
  }))
}

/**
 * What the first picture needs, named at once, so that the browser asks for all of it in one go. What others stand on comes first: the order of the styles
 * is that of their layers.
 */
function toFiles({ manifest, entry, request }: DocumentParts): string[] {
  const roots = [appFile, entry.file, ...['shell' as const, ...entry.areas].map((area) => localeFile(request.language, area))]
  const names = new Set<string>()
  for (const root of roots) collect(root)
  const chunks = [...names].map((name) => manifest[name]).filter((chunk) => chunk !== undefined)
  const styles = [...new Set(chunks.flatMap(({ css }) => css ?? []))]
  const app = manifest[appFile]
  return [
    ...styles.map((file) => `<link rel="stylesheet" href="/${file}">`),
    ...chunks.filter((chunk) => chunk !== app).map(({ file }) => `<link rel="modulepreload" href="/${file}">`),
    ...(app ? [`<script type="module" src="/${app.file}"></script>`] : []),
  ]

  function collect(name: string) {
    if (names.has(name)) return
    for (const needed of manifest[name]?.imports ?? []) collect(needed)
    names.add(name)
  }
}

/** JSON that no HTML parser can leave by accident or by design. */
function toInertJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
