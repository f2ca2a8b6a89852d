import type { ChangeSettingsBody, Settings } from '#shared/api/admin.ts'

const limitNames = [
  'sessionLifeMs',
  'failuresPerAccount',
  'failuresPerAddress',
  'failureWindowMs',
  'requestsPerMinute',
  'streams',
  'streamsPerPerson',
  'simpleUploadBytes',
] as const satisfies readonly (keyof Settings)[]
export type LimitName = (typeof limitNames)[number]

const units: Partial<Record<LimitName, number>> = { sessionLifeMs: 86_400_000, failureWindowMs: 60_000, simpleUploadBytes: 2 ** 20 }

/** Limits as people think of them: a session in days, a window in minutes, a file in MiB. */
export const limits = limitNames.map((name) => {
  const unit = units[name] ?? 1
  return {
    name,
    toShown: (value: number) => Math.round((value / unit) * 100) / 100,
    toValue: (shown: number) => Math.round(shown * unit),
  }
})

/** Only what was really changed is sent. What is no number goes as it is, and the server names the field. */
export function changesOf(written: Record<string, string>, values: Settings): ChangeSettingsBody {
  const changes = limits.flatMap(({ name, toShown, toValue }) => {
    const text = written[name] ?? ''
    const shown = Number(text)
    if (text !== '' && shown === toShown(values[name])) return []
    return [[name, text === '' || !Number.isFinite(shown) ? text : toValue(shown)]]
  })
  return Object.fromEntries(changes) as ChangeSettingsBody
}
