import { createHash } from 'node:crypto'
import { afterStep, type Model } from '../schema/model.ts'
import type { Step } from '../schema/step.ts'

/** `NNNN-name`, and what it changes, in order. Never edited once it has been released: the next change is a new one. */
export type Migration = { readonly name: string; readonly steps: readonly Step[] }

/** All tables after these migrations. */
export function modelOf(migrations: readonly Migration[]): Model {
  return migrations.flatMap((migration) => migration.steps).reduce(afterStep, new Map())
}

/** What a migration says, in 16 characters: tells whether it was changed after it had run. Data steps count by their sentence. */
export function fingerprint(migration: Migration): string {
  const words = JSON.stringify(migration.steps, (_, value: unknown): unknown => (value instanceof Map ? [...value] : value))
  return createHash('sha256').update(words).digest('hex').slice(0, 16)
}
