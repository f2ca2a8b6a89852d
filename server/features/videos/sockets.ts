import { openTopic, type SocketDoor } from '#server/realtime/door.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { commented, danmakuFlew, danmakuGone, grew, video } from '#shared/messages/films.ts'

/** Whoever may see a film hears what happens around it, and how many they are. What a password opens is not told over the socket. */
export function videoSockets(maySee: (viewer: Viewer, videoId: string) => Promise<boolean>): SocketDoor {
  return {
    area: 'video',
    receives: [],
    sends: [danmakuFlew, danmakuGone, commented, grew],
    topics: [openTopic({ topic: video, access: { action: 'video.see' }, mayEnter: maySee, presence: 'count' })],
  }
}
