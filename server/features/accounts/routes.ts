import type { Route } from '#server/http/route.ts'
import { profileRoutes } from './profile-routes.ts'
import { securityRoutes } from './security-routes.ts'
import type { AccountService } from './service.ts'
import { sessionRoutes } from './session-routes.ts'

export function accountRoutes(service: AccountService): Route[] {
  return [...sessionRoutes(service), ...profileRoutes(service), ...securityRoutes(service)]
}
