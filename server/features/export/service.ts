import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { ExportStore } from './store.ts'

export type ExportService = ReturnType<typeof createExportService>

const batch = 500

/** All that is one's own, as one JSON document that is written while it is read: however much it is, little of it is held. */
export function createExportService({ store, clock }: { store: ExportStore; clock: Clock }) {
  async function* list(accountId: string, name: string, signal: AbortSignal): AsyncGenerator<string> {
    const page = store.lists[name]
    if (!page) return
    let isFirst = true
    for (let after = ''; ; ) {
      signal.throwIfAborted()
      const rows = await page(accountId, after, batch)
      const tags = name === 'videos' ? await store.tags(rows.map(({ key }) => key)) : undefined
      for (const { key, row } of rows) {
        yield `${isFirst ? '' : ',\n'}${JSON.stringify(tags ? { ...row, tags: tags.get(key) ?? [] } : row)}`
        isFirst = false
      }
      const last = rows.at(-1)
      if (!last) return
      after = last.key
    }
  }

  return {
    async own(viewer: Viewer, signal: AbortSignal): Promise<AsyncGenerator<string>> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const { accountId } = viewer
      const profile = await store.profile(accountId)
      const head = { format: 'matinee-export-1', madeAt: new Date(clock.now()).toISOString(), profile }
      return (async function* () {
        yield JSON.stringify(head).slice(0, -1)
        for (const name of Object.keys(store.lists)) {
          yield `,\n"${name}":[`
          yield* list(accountId, name, signal)
          yield ']'
        }
        yield '}\n'
      })()
    },
  }
}
