import type { SocketDoor } from '#server/realtime/door.ts'
import { uploadGrew } from '#shared/messages/uploads.ts'

/** People see on each of their devices how far an upload has come that another one sends. */
export const uploadSockets: SocketDoor = { area: 'upload', receives: [], sends: [uploadGrew], topics: [] }
