import { admins, type Entries, type Entry, everybody, people, type Sent } from '../entry.ts'
import type { Stage } from '../stage.ts'
import { changedBy, keptVideo, looks, shownTo } from '../things/videos.ts'

/** The videos of the stage have neither bytes nor a plan: whoever may see one learns that there is nothing new, or nothing yet. */
const ofEach = (status: number, more: (vid: string) => Sent): Entry[] =>
  looks.map((look) => ({
    about: look,
    answers: shownTo(look, status),
    send: async (stage) => more((await keptVideo(stage, look)).vid),
  }))

const tag = `"${'a'.repeat(64)}"`

const changes = (status: number, more: (vid: string) => Sent): Entry[] =>
  looks.map((look) => ({
    about: look,
    answers: changedBy(look, status, { moderator: false }),
    send: async (stage) => more((await keptVideo(stage, look)).vid),
  }))

/** Where the bytes of a picture lie there is one: what is asked is who may. */
const withPicture = (name: string, more: (vid: string) => Sent): Entry[] =>
  looks.map((look) => ({
    about: look,
    answers: shownTo(look, 200),
    send: async (stage) => {
      const { vid } = await keptVideo(stage, look)
      await putPicture(stage, `pictures/${vid}/1/${name}`)
      return more(vid)
    },
  }))

async function putPicture({ matinee }: Stage, name: string): Promise<void> {
  await matinee.features.blobs.write(
    name,
    (async function* () {
      yield new Uint8Array(1)
    })(),
  )
}

/** An address is worth what its signature says: of this one that is nothing, whoever shows it. */
const signedByNobody = (place: string): Entry => ({
  answers: everybody(403),
  send: async (stage) => {
    const { vid } = await keptVideo(stage, 'public')
    const file = place.includes('sheets') ? '0.webp' : place.includes('texts') ? 'a.vtt' : place.includes('row') ? '0.m4s' : 'v360.m3u8'
    return { params: { pass: `9999999999999~-~-~${'a'.repeat(43)}`, vid, generation: '1', row: 'v360', file } }
  },
})

export const streamEntries: Entries = {
  'GET /stream/:vid': ofEach(304, (vid) => ({ params: { vid }, headers: { 'if-none-match': tag } })),
  'GET /stream/:vid/master.m3u8': ofEach(503, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/original.m3u8': ofEach(503, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/:generation/:file': ofEach(503, (vid) => ({ params: { vid, generation: '1', file: 'v360.m3u8' } })),
  'GET /stream/:vid/:generation/:row/:file': ofEach(503, (vid) => ({ params: { vid, generation: '1', row: 'v360', file: '0.m4s' } })),
  'GET /stream/:vid/poster.avif': ofEach(404, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/poster.webp': ofEach(404, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/poster.jpg': ofEach(404, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/storyboard.vtt': ofEach(404, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/preview.webp': withPicture('preview.webp', (vid) => ({ params: { vid } })),
  'GET /stream/:vid/:generation/sheets/:file': withPicture('sheet-0.webp', (vid) => ({ params: { vid, generation: '1', file: '0.webp' } })),
  'GET /stream/:vid/subtitles': ofEach(200, (vid) => ({ params: { vid } })),
  'GET /stream/:vid/:generation/texts/:file': ofEach(404, (vid) => ({ params: { vid, generation: '1', file: 'a.vtt' } })),
  'PUT /videos/:vid/poster': changes(400, (vid) => ({ params: { vid }, body: { atMs: 0 } })),
  'PUT /videos/:vid/subtitles': changes(201, (vid) => ({
    params: { vid },
    query: 'language=zh',
    body: Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nhello\n'),
  })),
  'PUT /videos/:vid/poster/picture': changes(415, (vid) => ({ params: { vid }, body: Buffer.from('no picture') })),
  'PUT /videos/:vid/subtitles/:id': changes(404, (vid) => ({ params: { vid, id: '0'.repeat(20) }, body: Buffer.alloc(0) })),
  'POST /videos/:vid/again': changes(400, (vid) => ({ params: { vid }, body: { row: 'v360' } })),
  'DELETE /videos/:vid/subtitles/:id': changes(404, (vid) => ({ params: { vid, id: '0'.repeat(20) } })),
  'POST /stream/:vid/sign': ofEach(200, (vid) => ({ params: { vid } })),
  'POST /stream/:vid/report': ofEach(204, (vid) => ({ params: { vid }, body: { watchedMs: 1000, stalls: 0, stalledMs: 0, errors: 0 } })),
  'GET /me/streams': { answers: people(200) },
  'DELETE /me/streams/:id': { answers: people(404), send: () => ({ params: { id: 'none' } }) },
  'GET /admin/streams': { answers: admins(200) },
  ...Object.fromEntries(
    [
      '',
      '/master.m3u8',
      '/original.m3u8',
      '/:generation/:file',
      '/:generation/:row/:file',
      '/poster.avif',
      '/poster.webp',
      '/poster.jpg',
      '/preview.webp',
      '/storyboard.vtt',
      '/subtitles',
      '/:generation/sheets/:file',
      '/:generation/texts/:file',
    ].map((place): [string, Entry] => [`GET /signed/:pass/stream/:vid${place}`, signedByNobody(place)]),
  ),
}
