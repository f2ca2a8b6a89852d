import { type Entries, type Entry, everybody, people } from '../entry.ts'
import { changedBy, keptVideo, type Look, looks, shownTo, videoPassword } from '../things/videos.ts'

/** The same door for a video of every look. */
const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))

export const videoEntries: Entries = {
  'GET /user/:username/videos': {
    answers: everybody(200),
    send: (stage) => ({ params: { username: stage.people.keeper?.username ?? '' } }),
  },
  'POST /user/:username/videos': {
    answers: { ...people(403), keeper: 201 },
    send: (stage) => ({ params: { username: stage.people.keeper?.username ?? '' }, body: { title: 'A draft' } }),
  },
  'GET /user/:username/videos/:vid': ofEach((look) => ({
    answers: shownTo(look, 200),
    send: async (stage) => ({ params: await keptVideo(stage, look) }),
  })),
  'PATCH /user/:username/videos/:vid': ofEach((look) => ({
    answers: changedBy(look, 200, { moderator: false }),
    send: async (stage) => ({ params: await keptVideo(stage, look), body: { title: 'Another name' } }),
  })),
  'DELETE /user/:username/videos/:vid': ofEach((look) => ({
    answers: changedBy(look, 204, { moderator: true }),
    send: async (stage) => ({ params: await keptVideo(stage, look) }),
  })),
  'GET /user/:username/videos/deleted': {
    answers: people(200),
    send: (stage) => ({ params: { username: stage.people.keeper?.username ?? '' } }),
  },
  'POST /user/:username/videos/:vid/restore': [
    {
      about: 'thrown away',
      answers: { ...people(200), member: 404 },
      send: async (stage) => ({ params: await keptVideo(stage, 'deleted') }),
    },
    { about: 'there', answers: people(404), send: async (stage) => ({ params: await keptVideo(stage, 'public') }) },
  ],
  'GET /videos/:vid/figures': ofEach((look) => ({
    answers: changedBy(look, 200, { moderator: false }),
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid } }),
  })),
  'GET /videos/:vid/figures.csv': ofEach((look) => ({
    answers: changedBy(look, 200, { moderator: false }),
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid } }),
  })),
  'GET /videos/:vid': ofEach((look) => ({
    answers: shownTo(look, 200),
    send: async (stage) => ({ params: await keptVideo(stage, look) }),
  })),
  'POST /videos/:vid/unlock': ofEach((look) => ({
    // Where no password is asked for, none is right.
    answers: look === 'password' ? everybody(204) : shownTo(look, 403),
    send: async (stage) => ({ params: await keptVideo(stage, look), body: { password: videoPassword } }),
  })),
}
