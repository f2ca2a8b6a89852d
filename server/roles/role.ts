import type { Features } from '#server/compose/features.ts'
import type { Route } from '#server/http/route.ts'
import type { Recurring, TaskKind } from '#server/jobs/task-kind.ts'

/** What a role opens to the world. Nothing else: what lies behind is the features'. */
export type Doors = { routes?: readonly Route[]; tasks?: readonly TaskKind[]; recurring?: readonly Recurring[] }

export type Role = (features: Features) => Doors
