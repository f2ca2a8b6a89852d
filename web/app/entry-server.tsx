import { dehydrate, type QueryClient } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import type { SiteAnswer } from '#shared/api/admin.ts'
import type { BuildManifest, PageRequest, RenderPage } from '#shared/page.ts'
import type { Api } from '#web/lib/api.ts'
import { toFailure } from '#web/lib/failure.ts'
import type { HeadBox } from '#web/lib/head.ts'
import { site } from '#web/lib/house.ts'
import { loadMessages } from '#web/lib/messages.ts'
import type { PageState } from '#web/lib/page-state.ts'
import { createQueryClient } from '#web/lib/reading.ts'
import { App } from './app.tsx'
import { toDocument } from './document.ts'
import { type OpenPage, openPage } from './router.ts'
import { shellReadings } from './shell.tsx'

/** The same app as in the browser, rendered once: what it needs is read before, so that no part of it waits. */
export function openRenderer(manifest: BuildManifest): RenderPage {
  return async (request) => {
    const first = await openPage(request.url)
    const messages = await loadMessages(request.language, ['shell', ...first.entry.areas])
    const api = apiOf(request)
    const client = createQueryClient(api)
    const status = await readAll(client, first)
    const state = stateOf(request, client, status)
    const { pathname: path, search } = new URL(request.url, request.origin)
    const box: HeadBox = {}
    const html = renderToString(
      <App api={api} client={client} state={state} messages={messages} first={first} server={{ path, search, head: box }} />,
    )
    const siteName = client.getQueryData<SiteAnswer>([site.path])?.name ?? 'Matinee'
    const head = box.head ?? { title: siteName }
    return { status, html: toDocument({ request, state, html, head, manifest, entry: first.entry, siteName }) }
  }
}

function apiOf({ ask }: PageRequest): Api {
  return {
    get: async <T,>(path: string, signal?: AbortSignal) => {
      const { status, body } = await ask(path, signal)
      if (status >= 400) throw toFailure(status, body)
      return body as T
    },
    send: () => Promise.reject(new Error('Nothing is changed while a page is rendered.')),
  }
}

/** The status of the page: its own, or that of its first reading where this failed. */
async function readAll(client: QueryClient, { page, place }: OpenPage): Promise<number> {
  const readings = page.readings?.(place) ?? []
  await Promise.all(
    [...shellReadings, ...readings, ...(page.extras?.(place) ?? [])].map(({ path }) => client.prefetchQuery({ queryKey: [path] })),
  )
  const failed = readings.map(({ path }) => client.getQueryState([path])?.error).find((error) => error)
  return page.status ?? (failed ? (failed.status ?? 503) : 200)
}

function stateOf(request: PageRequest, client: QueryClient, status: number): PageState {
  const { language, theme, timeZone, formToken, refused } = request
  const readings = dehydrate(client, { shouldDehydrateQuery: ({ state }) => state.status !== 'pending' })
  return { language, theme, timeZone, formToken, ...(refused ? { refused } : {}), status, readings }
}
