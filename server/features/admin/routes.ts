import type { Route } from '#server/http/route.ts'
import { houseRoutes } from './house-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import type { AdminService } from './service.ts'
import { taskRoutes } from './task-routes.ts'

export function adminRoutes(service: AdminService): Route[] {
  return [...peopleRoutes(service), ...houseRoutes(service), ...taskRoutes(service)]
}
