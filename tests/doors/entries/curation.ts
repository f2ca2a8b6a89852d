import { admins, type Entries, type Entry } from '../entry.ts'
import { keptVideo, type Look } from '../things/videos.ts'

/** Whatever a film is to others, those who look after all of them reach it; what was thrown away is there for nobody. */
const ofEach = (entryOf: (look: Look) => Entry): Entry[] =>
  (['public', 'private', 'processing', 'deleted'] as const).map((look) => ({ about: look, ...entryOf(look) }))
const answersOf = (look: Look) => admins(look === 'deleted' ? 404 : 204)

const feature = ofEach((look) => ({
  answers: answersOf(look),
  send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid } }),
}))

export const curationEntries: Entries = {
  'GET /admin/films': [
    { answers: admins(200) },
    { about: 'those sought', answers: admins(200), send: () => ({ query: 'q=film&is=twin' }) },
  ],
  'PUT /admin/films/:vid/featured': feature,
  'DELETE /admin/films/:vid/featured': feature,
  'PUT /admin/films/:vid/owner': ofEach((look) => ({
    answers: answersOf(look),
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid }, body: { to: (await stage.borrow()).username } }),
  })),
  'POST /admin/films/:vid/merge': ofEach((look) => ({
    answers: answersOf(look),
    send: async (stage) => ({
      params: { vid: (await keptVideo(stage, look)).vid },
      body: { into: (await keptVideo(stage, 'members')).vid },
    }),
  })),
}
