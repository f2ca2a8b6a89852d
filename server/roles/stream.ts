import type { Role } from './role.ts'

export const stream: Role = () => ({})
