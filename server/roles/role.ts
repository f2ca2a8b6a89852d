import type { Parts } from '#server/compose/parts.ts'
import type { Route } from '#server/http/route.ts'
import type { Upgrade } from '#server/http/upgrade.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'

/** What a role opens to the world. Nothing else: what lies behind is the features'. */
export type Doors = {
  routes?: readonly Route[]
  tasks?: readonly TaskKind[]
  recurring?: readonly Recurring[]
  /** Takes whoever wants a WebSocket. */
  onUpgrade?(upgrade: Upgrade): void
  /** While the process ends: sends away whoever is still connected. */
  drain?(deadlineMs: number): Promise<void>
  close?(): Promise<void>
}

export type Role = (features: Parts['features'], parts: Pick<Parts, 'ground' | 'config'>) => Doors | Promise<Doors>
