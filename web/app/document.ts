import type { BuildManifest, PageRequest } from '#shared/page.ts'
import type { Head } from '#web/lib/head.ts'
import { localeFile } from '#web/lib/messages.ts'
import type { PageEntry } from '#web/lib/page.ts'
import { type PageState, stateElementId } from '#web/lib/page-state.ts'
import { toHeadTags } from './head-tags.ts'

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
const earlyFile = 'web/app/entry-early.ts'

/** The whole document. Nothing in it is executed but files of our own: state travels as data, styles and scripts as addresses. */
export function toDocument(parts: DocumentParts): string {
  const { request, state, html } = parts
  return `<!doctype html>
<html lang="${request.language}" data-theme="${request.theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
${[...toHeadTags(parts), ...toFiles(parts)].join('\n')}
</head>
<body>
<div id="root">${html}</div>
<script type="application/json" id="${stateElementId}">${toInertJson(state)}</script>
</body>
</html>
`
}

/**
 * What the page needs, named at once, so that the browser asks for all of it in one go. What others stand on comes first: the order of the styles is that
 * of their layers. The first sight is the text, the style and the largest picture: on a narrow line scripts stand back until these have come.
 *
 * What the app stands on, and then the app, is run by the first script of all, in this order.
 */
function toFiles({ manifest, entry, request }: DocumentParts): string[] {
  const ofApp = new Set(withNeeded(manifest, [appFile]))
  const ofEarly = new Set(withNeeded(manifest, [earlyFile]))
  const roots = [appFile, entry.file, ...['shell' as const, ...entry.areas].map((area) => localeFile(request.language, area))]
  const names = [...ofEarly, ...withNeeded(manifest, roots).filter((name) => !ofEarly.has(name))]
  const chunks = names.flatMap((source) => (manifest[source] ? [{ source, ...manifest[source] }] : []))
  const styles = new Set(chunks.flatMap(({ css }) => css ?? []))
  const early = manifest[earlyFile]
  return [
    ...[...styles].map((file) => `<link rel="stylesheet" href="/${file}">`),
    ...chunks
      .filter(({ source }) => source !== earlyFile)
      .map(({ source, file }) => {
        const mark = ofApp.has(source) && !ofEarly.has(source) ? ' data-run' : ''
        return `<link rel="modulepreload" href="/${file}" fetchpriority="low"${mark}>`
      }),
    // It looks for those above as soon as it has come, which may be before the rest of the page has. So small, it overtakes them.
    ...(early ? [`<script type="module" async src="/${early.file}" fetchpriority="high"></script>`] : []),
  ]
}

/** The files named and all that they import, these first. */
function withNeeded(manifest: BuildManifest, roots: readonly string[]): string[] {
  const names = new Set<string>()
  for (const root of roots) collect(root)
  return [...names]

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
