import { type Entries, type Entry, type Expected, people } from '../entry.ts'
import type { Stage, Who } from '../stage.ts'
import { keptVideo, type Look, looks, shownTo } from '../things/videos.ts'

const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))
const signedIn = (expected: Expected): Expected => ({ ...expected, stranger: 401 })
const onVideo = (look: Look) => async (stage: Stage) => ({ params: { vid: (await keptVideo(stage, look)).vid } })
let said = 0
const something = () => ({ atMs: 1000, text: `前方高能 ${++said}` })

/** One over the keeper's public film, of somebody else or of the viewer. */
const onOne =
  (of: 'own' | 'lent') =>
  async (stage: Stage, { somebody }: Who) => {
    const { vid } = await keptVideo(stage, 'public')
    const author = of === 'own' && somebody ? somebody : await stage.join()
    const { id } = await stage.as<{ id: string }>(author, 'POST', `/videos/${vid}/danmaku`, something())
    return { params: { vid, id } }
  }
const file = '<i><d p="1,1,25,16777215,0,0,a,1">hello</d></i>'

export const danmakuEntries: Entries = {
  'GET /videos/:vid/danmaku': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
  'POST /videos/:vid/danmaku': ofEach((look) => ({
    answers: signedIn(shownTo(look, 201)),
    send: async (stage) => ({ ...(await onVideo(look)(stage)), body: something() }),
  })),
  // The film's keeper and the moderators keep order over it.
  'DELETE /videos/:vid/danmaku/:id': [
    { about: 'somebody’s', answers: { ...people(204), member: 403 }, send: onOne('lent') },
    { about: 'one’s own', answers: people(204), send: onOne('own') },
  ],
  'PUT /videos/:vid/danmaku/:id/like': { answers: people(204), send: onOne('lent') },
  'DELETE /videos/:vid/danmaku/:id/like': { answers: people(204), send: onOne('lent') },
  'GET /videos/:vid/danmaku/list': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
  'GET /videos/:vid/danmaku/file': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
  'POST /videos/:vid/danmaku/file': {
    answers: { ...people(403), keeper: 200, admin: 200, owner: 200 },
    send: async (stage) => ({ ...(await onVideo('public')(stage)), body: file, headers: { 'content-type': 'application/xml' } }),
  },
}
