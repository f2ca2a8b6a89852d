import type { Role } from './role.ts'

export const upload: Role = () => ({})
