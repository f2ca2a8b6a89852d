import type { Role } from './role.ts'

export const scheduler: Role = () => ({})
