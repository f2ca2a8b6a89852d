import { dehydrate, type QueryClient } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import type { MeAnswer } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import type { BuildManifest, PageAnswer, PageRequest } from '#shared/page.ts'
import type { Api } from '#web/lib/api.ts'
import { toFailure } from '#web/lib/failure.ts'
import type { HeadBox } from '#web/lib/head.ts'
import { me, site } from '#web/lib/house.ts'
import { loadMessages } from '#web/lib/messages.ts'
import type { PageState } from '#web/lib/page-state.ts'
import { createQueryClient } from '#web/lib/reading.ts'
import { Renewal } from '#web/lib/renewal.ts'
import { App } from './app.tsx'
import { toDocument } from './document.ts'
import { type OpenPage, openPage, openProblem, signInFor } from './router.ts'
import { shellReadings } from './shell.tsx'

/** The server asks nobody to sign in again. */
const nobodyAsked = new Renewal(() => false)

/** The same app as in the browser, rendered once: what it needs is read before, so that no part of it waits. */
export async function render(request: PageRequest, manifest: BuildManifest): Promise<PageAnswer> {
  const first = request.problem ? await openProblem(request.url) : await openPage(request.url)
  const asked = first.entry.isImpersonal ? { ...request, formToken: '' } : request
  const api = apiOf(asked)
  const client = createQueryClient(api)
  const read = await readAll(client, first)
  const status = asked.problem?.status ?? read
  const user = client.getQueryData<MeAnswer>([me.path])?.user
  if (first.entry.needs === 'person' && !user && !asked.problem) return { goTo: signInFor(first.entry) }
  const known = { ...asked, language: user?.language ?? asked.language, timeZone: user?.timeZone ?? asked.timeZone }
  const messages = await loadMessages(known.language, ['shell', ...first.entry.areas])
  const state = stateOf(known, client, asked.refused?.problem.status ?? status)
  const { pathname: path, search } = new URL(known.url, known.origin)
  const box: HeadBox = {}
  const html = renderToString(
    <App
      api={api}
      client={client}
      state={state}
      messages={messages}
      first={first}
      renewal={nobodyAsked}
      server={{ path, search, head: box }}
    />,
  )
  const siteName = client.getQueryData<SiteAnswer>([site.path])?.name ?? 'Matinee'
  const head = box.head ?? { title: siteName }
  return {
    status: state.status,
    language: known.language,
    html: toDocument({ request: known, state, html, head, manifest, entry: first.entry, siteName }),
  }
}

function apiOf({ ask }: PageRequest): Api {
  return {
    get: async <T,>(path: string) => {
      const { status, body } = await ask(path)
      if (status >= 400) throw toFailure(status, body)
      return body as T
    },
    send: () => Promise.reject(new Error('Nothing is changed while a page is rendered.')),
  }
}

/** The status of the page: its own, or that of its first reading where this failed. */
async function readAll(client: QueryClient, { entry, page, place }: OpenPage): Promise<number> {
  const readings = page.readings?.(place) ?? []
  const ofFrame = shellReadings.filter((what) => what !== me || !entry.isImpersonal)
  await Promise.all(
    [...ofFrame, ...readings, ...(page.extras?.(place) ?? [])].map(({ path }) => client.prefetchQuery({ queryKey: [path] })),
  )
  const failed = readings.map(({ path }) => client.getQueryState([path])?.error).find((error) => error)
  return page.status ?? (failed ? (failed.status ?? 503) : 200)
}

function stateOf(request: PageRequest, client: QueryClient, status: number): PageState {
  const { url, language, theme, timeZone, formToken, refused, problem } = request
  const readings = dehydrate(client, { shouldDehydrateQuery: ({ state }) => state.status !== 'pending' })
  return { url, language, theme, timeZone, formToken, ...(refused ? { refused } : {}), ...(problem ? { problem } : {}), status, readings }
}
