// First, because it names the order of the layers.
import '#web/ui/base.css'
import { hydrate } from '@tanstack/react-query'
import { startTransition } from 'react'
import { themes } from '#shared/page.ts'
import { createApi } from '#web/lib/api.ts'
import { keptChoice } from '#web/lib/choices.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { wakeUp } from '#web/lib/first-picture.ts'
import { loadMessages } from '#web/lib/messages.ts'
import { me } from '#web/lib/house.ts'
import { Renewal } from '#web/lib/renewal.ts'
import type { MeAnswer } from '#shared/api/accounts.ts'
import { type PageState, stateElementId } from '#web/lib/page-state.ts'
import { createQueryClient } from '#web/lib/reading.ts'
import { App } from './app.tsx'
import { breath } from './breath.ts'
import { hydrateRoot } from './first-react.ts'
import { whenIdle } from './idle.ts'
import { installWorker } from './install-worker.ts'
import { openLiveLine } from './live-line.ts'
import { openPage, openProblem } from './router.ts'

await start()

/** In steps: between them the browser may paint, and hear who presses something. */
async function start() {
  await wholeDocument()
  await breath()
  const state = readState()
  const first = state.problem ? await openProblem(state.url) : await openPage(state.url)
  const messages = await loadMessages(state.language, ['shell', ...first.entry.areas])
  followKeptTheme()
  await breath()
  const hasPerson = () => Boolean(client.getQueryData<MeAnswer>([me.path])?.user)
  const renewal = new Renewal(hasPerson)
  const api = createApi({
    fetch: (...call) => fetch(...call),
    language: () => document.documentElement.lang,
    renewSession: () => renewal.ask(),
    leaving: (act) => renewal.leaving(act),
  })
  const client = createQueryClient(api)
  hydrate(client, revived(state.readings))
  first.page.begin?.(first.place, { api, known: ({ path }) => client.getQueryData([path]) })
  await breath()
  const root = document.getElementById('root')
  const listening = () => {
    wakeUp()
    document.dispatchEvent(new Event('matinee-awake'))
  }
  const app = <App api={api} client={client} state={state} messages={messages} first={first} renewal={renewal} awoke={listening} />
  // As a transition, which yields to whoever scrolls or types meanwhile: all is there to be read already.
  if (root) startTransition(() => void hydrateRoot(root, app))
  openLiveLine({ api, hasPerson, renewal })
  whenIdle(installWorker)
}

/** The scripts run as they come, which on a slow line may be before the end of the page. */
async function wholeDocument(): Promise<void> {
  if (document.readyState !== 'loading') return
  await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
}

/** A page that was kept may be older than the choice. */
function followKeptTheme(): void {
  const kept = themes.find((name) => name === keptChoice('theme'))
  if (kept) document.documentElement.dataset['theme'] = kept
}

function readState(): PageState {
  return JSON.parse(document.getElementById(stateElementId)?.textContent ?? '') as PageState
}

/** A failure crossed the wire as its facts alone. */
function revived(readings: PageState['readings']): PageState['readings'] {
  for (const { state } of readings.queries) if (state.error) state.error = new ApiFailure(state.error.facts)
  return readings
}
