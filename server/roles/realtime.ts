import type { Role } from './role.ts'

export const realtime: Role = () => ({})
