import type { MeAnswer } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import type { UnreadAnswer } from '#shared/api/notices.ts'
import { reading } from './reading.ts'

export const me = reading<MeAnswer>('/me')
export const site = reading<SiteAnswer>('/site')
export const unreadNotices = reading<UnreadAnswer>('/notices/unread')
