import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { useCallback, useLayoutEffect } from 'react'
import { IntlProvider } from 'use-intl'
import { Router, useLocation, useSearch } from 'wouter'
import type { Language } from '#shared/language.ts'
import { type Api, ApiProvider } from '#web/lib/api-context.ts'
import { type HeadBox, HeadProvider } from '#web/lib/head.ts'
import type { Messages } from '#web/lib/messages.ts'
import { type PageState, PageStateProvider } from '#web/lib/page-state.ts'
import { SpeakingProvider } from '#web/lib/speaking.ts'
import type { Renewal } from '#web/lib/renewal.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { RenewalDialog } from './renewal-dialog.tsx'
import { type OpenPage, usePageAt, useTexts, useWarmLinks } from './router.ts'
import { Shell } from './shell.tsx'

export type AppParts = {
  api: Api
  client: QueryClient
  state: PageState
  messages: Messages
  first: OpenPage
  /** Where the end of a session is met. */
  renewal: Renewal
  /** In the browser: told when all of the first page listens. */
  awoke?: () => void
  /** On the server: where the page is, and what it says of itself. */
  server?: { path: string; search: string; head: HeadBox }
}

export function App({ api, client, state, messages, first, renewal, awoke, server }: AppParts) {
  return (
    <HeadProvider value={server?.head}>
      <Router {...(server ? { ssrPath: server.path, ssrSearch: server.search } : {})}>
        <PageStateProvider value={state}>
          <ApiProvider value={api}>
            <QueryClientProvider client={client}>
              <House state={state} messages={messages} first={first} renewal={renewal} {...(awoke ? { awoke } : {})} />
            </QueryClientProvider>
          </ApiProvider>
        </PageStateProvider>
      </Router>
    </HeadProvider>
  )
}

function House({ state, messages, first, renewal, awoke }: Pick<AppParts, 'state' | 'messages' | 'first' | 'renewal' | 'awoke'>) {
  useLayoutEffect(() => awoke?.(), [awoke])
  const texts = useTexts({ language: state.language, messages, entry: first.entry })
  useWarmLinks(texts.language)
  const [path] = useLocation()
  const search = useSearch()
  const { shown, isTurning, failure, retry } = usePageAt(search ? `${path}?${search}` : path, first, texts.gather)
  const { speak: change, gather } = texts
  const speak = useCallback(
    async (language: Language) => {
      await change(language)
      document.documentElement.lang = language
    },
    [change],
  )
  const loadSignInTexts = useCallback(() => gather({ areas: ['accounts'] }), [gather])
  return (
    <IntlProvider locale={texts.language} messages={texts.messages} timeZone={state.timeZone} onError={reportMissingText}>
      <SpeakingProvider value={speak}>
        <Shell page={shown} isTurning={isTurning} failure={failure} retry={retry}>
          <ErrorBoundary key={shown.place.path}>
            <shown.page.View {...shown.place} />
          </ErrorBoundary>
          <RenewalDialog renewal={renewal} loadTexts={loadSignInTexts} />
        </Shell>
      </SpeakingProvider>
    </IntlProvider>
  )
}

/** A text that is missing is seen by the tests (they allow no console error); readers see its key. */
function reportMissingText(error: Error): void {
  console.error(error.message)
}
