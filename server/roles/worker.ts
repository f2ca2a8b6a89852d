import type { Role } from './role.ts'

export const worker: Role = () => ({})
