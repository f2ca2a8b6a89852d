import type { SocketDoor } from '#server/realtime/door.ts'
import { noticed, read } from '#shared/messages/notices.ts'

/** Both are entries of a person's log: whatever the line does, every device hears of them. */
export const noticeSockets: SocketDoor = { area: 'notice', receives: [], sends: [noticed, read], topics: [] }
