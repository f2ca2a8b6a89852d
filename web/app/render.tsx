import { dehydrate, type QueryClient } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import type { MeAnswer } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import type { ApiReading, BuildManifest, PageAnswer, PageMarks, PageRequest, ReadPage } from '#shared/page.ts'
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

/** Reads first, so that nothing waits while the page is rendered. */
export async function read(request: PageRequest, manifest: BuildManifest): Promise<ReadPage> {
  const first = request.problem ? await openProblem(request.url) : await openPage(request.url)
  const read = await readAll(request, first)
  const user = (read.get(me.path)?.body as MeAnswer | undefined)?.user
  if (first.entry.needs === 'person' && !user && !request.problem) return { goTo: signInFor(first.entry) }
  return {
    of: request.problem || request.refused ? undefined : madeOf(request, read),
    render: (marks) => render({ request, first, read, marks }, manifest),
  }
}

type Parts = { request: PageRequest; first: OpenPage; read: Read; marks: PageMarks }

/** The same app as in the browser, rendered once. */
async function render({ request, first, read, marks }: Parts, manifest: BuildManifest): Promise<PageAnswer> {
  const { entry } = first
  const api = apiOf(request, read)
  const client = createQueryClient(api)
  await Promise.all([...read.keys()].map((path) => client.prefetchQuery({ queryKey: [path] })))
  const user = client.getQueryData<MeAnswer>([me.path])?.user
  const known = { ...request, language: user?.language ?? request.language, timeZone: user?.timeZone ?? request.timeZone }
  const messages = await loadMessages(known.language, ['shell', ...entry.areas])
  const status = request.refused?.problem.status ?? request.problem?.status ?? statusOf(client, first)
  const state = stateOf(known, client, { status, ...marks, ...(entry.isImpersonal ? { formToken: '' } : {}) })
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
  return { status, language: known.language, html: toDocument({ request: known, state, html, head, manifest, entry, siteName }) }
}

/** What the page asked, and what it heard; undefined where there was no answer at all. */
type Read = ReadonlyMap<string, ApiReading | undefined>

async function readAll({ ask }: PageRequest, { entry, page, place }: OpenPage): Promise<Read> {
  const ofFrame = shellReadings.filter((what) => what !== me || !entry.isImpersonal)
  const wanted = new Set([...ofFrame, ...(page.readings?.(place) ?? []), ...(page.extras?.(place) ?? [])].map(({ path }) => path))
  return new Map(await Promise.all([...wanted].map(async (path) => [path, await ask(path).catch(() => undefined)] as const)))
}

/** Only what went well: a failure has a number of its own each time. */
function madeOf({ url, origin, language, theme, timeZone }: PageRequest, read: Read): string | undefined {
  const parts = [url, origin, language, theme, timeZone]
  for (const [path, answer] of read) {
    if (answer?.status !== 200) return undefined
    parts.push(path, answer.text)
  }
  return parts.join('\0')
}

function apiOf({ ask }: PageRequest, read: Read): Api {
  return {
    get: async <T,>(path: string) => {
      const answer = read.has(path) ? read.get(path) : await ask(path)
      if (!answer) throw toFailure(503, undefined)
      if (answer.status >= 400) throw toFailure(answer.status, answer.body)
      return answer.body as T
    },
    send: () => Promise.reject(new Error('Nothing is changed while a page is rendered.')),
  }
}

/** The page's own status, or that of its first reading where this failed. */
function statusOf(client: QueryClient, { page, place }: OpenPage): number {
  const failed = page
    .readings?.(place)
    .map(({ path }) => client.getQueryState([path])?.error)
    .find((error) => error)
  return page.status ?? (failed ? (failed.status ?? 503) : 200)
}

function stateOf(request: PageRequest, client: QueryClient, { status, formToken, nowMs }: PageMarks & { status: number }): PageState {
  const { url, language, theme, timeZone, refused, problem } = request
  const { queries, ...rest } = dehydrate(client, { shouldDehydrateQuery: ({ state }) => state.status !== 'pending' })
  const at = (ms: number | undefined) => (ms ? nowMs : 0)
  const dated = queries.map(({ dehydratedAt, state, ...query }) => ({
    ...query,
    dehydratedAt: at(dehydratedAt),
    state: { ...state, dataUpdatedAt: at(state.dataUpdatedAt), errorUpdatedAt: at(state.errorUpdatedAt) },
  }))
  const readings = { ...rest, queries: dated }
  return { url, language, theme, timeZone, formToken, ...(refused ? { refused } : {}), ...(problem ? { problem } : {}), status, readings }
}
