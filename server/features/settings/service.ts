import { Check } from 'typebox/value'
import { demand } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { type ChangeSettingsBody, Settings, type SettingsAnswer } from '#shared/api/admin.ts'
import type { SettingsStore } from './store.ts'

export type SettingsParts = {
  store: SettingsStore
  bus: Bus
  clock: Clock
  log: Log
  /** What the configuration says now. The same object as long as it says the same. */
  configured: () => Settings
}

const topic = 'settings.changed'
const names = Object.keys(Settings.properties) as (keyof Settings)[]

export async function openSettingsService(parts: SettingsParts) {
  const { store, bus, clock, log, configured } = parts
  let changed: Partial<Settings> = {}
  let from: Settings | undefined
  let merged: Settings | undefined

  const reload = async () => {
    const rows = await store.list()
    changed = Object.fromEntries(rows.flatMap((row) => read(row, log)))
    merged = undefined
  }
  const follow = () => {
    reload().catch((cause: unknown) => log.warn('settings.reload_failed', { cause }))
  }

  const subscription = await bus.subscribe(topic, follow, follow)
  await reload()

  return {
    /** What holds now: what admins changed, over the configuration. The same object as long as nothing changes. */
    current(): Settings {
      const base = configured()
      if (!merged || from !== base) {
        from = base
        merged = Object.freeze({ ...base, ...changed })
      }
      return merged
    },

    describe(viewer: Viewer): SettingsAnswer {
      demand(viewer, 'settings.see')
      return this.explain()
    },

    explain(): SettingsAnswer {
      return { values: this.current(), configured: configured(), changed: names.filter((name) => name in changed) }
    },

    /** For the commit of whoever keeps the audit log; `announce` comes after it. Null goes back to the configuration. */
    changeStatements(body: ChangeSettingsBody, accountId: string | null) {
      const by = { accountId, nowMs: clock.now() }
      const wanted = Object.entries(body).filter(([name]) => names.includes(name as keyof Settings))
      return wanted.flatMap(([name, value]) => store.putStatements(name, value === null ? undefined : JSON.stringify(value), by))
    },

    async announce(): Promise<void> {
      await reload()
      await bus.publish(topic, null)
    },

    [Symbol.asyncDispose]: () => subscription.end(),
  }
}

/** A row that no longer fits (an older program wrote it) counts as none. */
function read({ name, value }: { name: string; value: string }, log: Log): [string, unknown][] {
  const known = names.find((other) => other === name)
  if (known === undefined) return []
  const parsed: unknown = parse(value)
  if (Check(Settings.properties[known], parsed)) return [[known, parsed]]
  log.warn('settings.unfit', { name })
  return []
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
