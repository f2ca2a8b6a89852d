import type { MeAnswer } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import { reading } from './reading.ts'

export const me = reading<MeAnswer>('/me')
export const site = reading<SiteAnswer>('/site')
