import { noticeSockets } from './sockets.ts'

/** What reaches people when they are away. */
export function createNotices() {
  return { doors: { sockets: noticeSockets } }
}
