// First, because it names the order of the layers.
import '#web/ui/base.css'
import { hydrate } from '@tanstack/react-query'
import { hydrateRoot } from 'react-dom/client'
import { createApi } from '#web/lib/api.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { loadMessages } from '#web/lib/messages.ts'
import { type PageState, stateElementId } from '#web/lib/page-state.ts'
import { createQueryClient } from '#web/lib/reading.ts'
import { App } from './app.tsx'
import { openPage, openProblem } from './router.ts'

await start()

async function start() {
  const state = readState()
  const url = location.pathname + location.search
  const first = state.problem ? await openProblem(url) : await openPage(url)
  const messages = await loadMessages(state.language, ['shell', ...first.entry.areas])
  const api = createApi({
    fetch: (...call) => fetch(...call),
    language: () => document.documentElement.lang,
    renewSession: async () => false,
  })
  const client = createQueryClient(api)
  hydrate(client, revived(state.readings))
  const root = document.getElementById('root')
  if (root) hydrateRoot(root, <App api={api} client={client} state={state} messages={messages} first={first} />)
}

function readState(): PageState {
  return JSON.parse(document.getElementById(stateElementId)?.textContent ?? '')
}

/** A failure crossed the wire as its facts alone. */
function revived(readings: PageState['readings']): PageState['readings'] {
  for (const { state } of readings.queries) if (state.error) state.error = new ApiFailure(state.error.facts)
  return readings
}
