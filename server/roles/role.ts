import type { Features } from '#server/compose/features.ts'
import type { Ground } from '#server/compose/ground/ground.ts'
import type { Config } from '#server/config/keys.ts'
import type { Route } from '#server/http/route.ts'
import type { Upgrade } from '#server/http/upgrade.ts'

/** What a role opens to the world. Nothing else: what lies behind is the features'. */
export type Doors = {
  routes?: readonly Route[]
  /** Takes whoever wants a WebSocket. */
  onUpgrade?(upgrade: Upgrade): void
  /** While the process ends: sends away whoever is still connected. */
  drain?(deadlineMs: number): Promise<void>
  close?(): Promise<void>
}

export type Role = (features: Features, parts: { ground: Ground; config: () => Config }) => Doors | Promise<Doors>
