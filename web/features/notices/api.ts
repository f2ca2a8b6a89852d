import type { NoticeChoices, NoticePage } from '#shared/api/notices.ts'
import { reading } from '#web/lib/reading.ts'

export const notices = reading<NoticePage>('/notices?limit=30')
export const noticeChoices = reading<NoticeChoices>('/notices/choices')
