import type { Role } from './role.ts'

/** The upload protocols, and what is owed for uploads: this role runs alone as well. */
export const upload: Role = async ({ uploads }) => {
  const running = await uploads.start()
  return { routes: uploads.doors.routes, close: async () => running[Symbol.asyncDispose]() }
}
