import type { Entries, Entry, Sent } from '../entry.ts'
import { keptVideo, looks, shownTo } from '../things/videos.ts'

/** The videos of the stage have neither bytes nor a plan: whoever may see one learns that there is nothing new, or nothing yet. */
const ofEach = (status: number, more: (vid: string) => Sent): Entry[] =>
  looks.map((look) => ({
    about: look,
    answers: shownTo(look, status),
    send: async (stage) => more((await keptVideo(stage, look)).vid),
  }))

const tag = `"${'a'.repeat(64)}"`

export const streamEntries: Entries = {
  'GET /stream/:vid': ofEach(304, (vid) => ({ params: { vid }, headers: { 'if-none-match': tag } })),
  'GET /stream/:vid/master.m3u8': ofEach(503, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/:generation/:file': ofEach(503, (vid) => ({ params: { vid, generation: '1', file: 'v360.m3u8' } })),
  'GET /stream/:vid/:generation/:row/:file': ofEach(503, (vid) => ({ params: { vid, generation: '1', row: 'v360', file: '0.m4s' } })),
}
