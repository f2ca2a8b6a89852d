import { type Entries, type Entry, everybody, type Expected, people } from '../entry.ts'
import type { Stage } from '../stage.ts'
import { keptVideo, type Look, looks, shownTo } from '../things/videos.ts'

const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))
/** Strangers are asked who they are. */
const signedIn = (expected: Expected): Expected => ({ ...expected, stranger: 401 })
const onVideo = (look: Look, body?: object) => async (stage: Stage) => {
  const { vid } = await keptVideo(stage, look)
  return { params: { vid }, ...(body ? { body } : {}) }
}
const ofLent = async (stage: Stage) => ({ params: { username: (await stage.borrow()).username } })

export const audienceEntries: Entries = {
  'PUT /videos/:vid/like': ofEach((look) => ({ answers: signedIn(shownTo(look, 204)), send: onVideo(look) })),
  'DELETE /videos/:vid/like': ofEach((look) => ({ answers: signedIn(shownTo(look, 204)), send: onVideo(look) })),
  'PUT /videos/:vid/favourite': ofEach((look) => ({ answers: signedIn(shownTo(look, 204)), send: onVideo(look) })),
  'DELETE /videos/:vid/favourite': ofEach((look) => ({ answers: signedIn(shownTo(look, 204)), send: onVideo(look) })),
  'POST /videos/:vid/views': ofEach((look) => ({ answers: shownTo(look, 204), send: onVideo(look, { watchedMs: 60_000 }) })),
  'GET /favourites': { answers: people(200) },
  'PUT /videos/:vid/progress': ofEach((look) => ({ answers: signedIn(shownTo(look, 204)), send: onVideo(look, { atMs: 1000 }) })),
  'GET /history': { answers: people(200) },
  'GET /history/export': { answers: people(200) },
  'PUT /history/paused': { answers: people(204), send: () => ({ body: { isPaused: false } }) },
  'DELETE /history': { answers: people(204) },
  'DELETE /history/:vid': { answers: people(204), send: onVideo('private') },
  'PUT /user/:username/follow': { answers: people(204), send: ofLent },
  'DELETE /user/:username/follow': { answers: people(204), send: ofLent },
  'PUT /user/:username/block': { answers: people(204), send: ofLent },
  'DELETE /user/:username/block': { answers: people(204), send: ofLent },
  'GET /user/:username/followers': { answers: everybody(200), send: ofLent },
  'GET /following': { answers: people(200) },
  'GET /blocked': { answers: people(200) },
  'GET /home': { answers: everybody(200) },
  'GET /search': { answers: everybody(200), send: () => ({ query: 'q=night' }) },
  'GET /search/suggest': { answers: everybody(200), send: () => ({ query: 'q=ni' }) },
  'GET /videos': { answers: everybody(200) },
  'GET /tags/:tag/videos': { answers: everybody(200), send: () => ({ params: { tag: 'night' } }) },
  'GET /videos/:vid/related': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
}
