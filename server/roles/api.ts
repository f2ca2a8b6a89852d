import type { Role } from './role.ts'

export const api: Role = () => ({})
