import { type Entries, type Entry, everybody, people } from '../entry.ts'
import type { Stage } from '../stage.ts'
import { keptList } from '../things/playlists.ts'
import { keptVideo, type Look, looks, shownTo } from '../things/videos.ts'

const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))
const keepersAlone = (status: number, otherwise: number) => ({ ...people(otherwise), keeper: status })

async function keptItem(stage: Stage) {
  const { id } = await keptList(stage, 'public')
  const { vid } = await keptVideo(stage, 'public')
  await stage.as(stage.people.keeper, 'PUT', `/playlists/${id}/items/${vid}`, {})
  return { id, vid }
}

export const playlistEntries: Entries = {
  'GET /playlists': { answers: people(200) },
  'POST /playlists': { answers: people(201), send: () => ({ body: { title: 'A list' } }) },
  'GET /user/:username/playlists': {
    answers: everybody(200),
    send: (stage) => ({ params: { username: stage.people.keeper?.username ?? '' } }),
  },
  'GET /playlists/:id': [
    { about: 'public', answers: everybody(200), send: async (stage) => ({ params: await keptList(stage, 'public') }) },
    {
      about: 'private',
      answers: { ...everybody(404), keeper: 200 },
      send: async (stage) => ({ params: await keptList(stage, 'private') }),
    },
  ],
  'GET /playlists/:id/items': [
    { about: 'public', answers: everybody(200), send: async (stage) => ({ params: await keptList(stage, 'public') }) },
    {
      about: 'private',
      answers: { ...everybody(404), keeper: 200 },
      send: async (stage) => ({ params: await keptList(stage, 'private') }),
    },
  ],
  'PATCH /playlists/:id': [
    {
      about: 'public',
      answers: keepersAlone(200, 403),
      send: async (stage) => ({ params: await keptList(stage, 'public'), body: { title: 'Another' } }),
    },
    {
      about: 'private',
      answers: keepersAlone(200, 404),
      send: async (stage) => ({ params: await keptList(stage, 'private'), body: { title: 'Another' } }),
    },
  ],
  'DELETE /playlists/:id': { answers: keepersAlone(204, 403), send: async (stage) => ({ params: await keptList(stage, 'public') }) },
  'PUT /playlists/:id/items/:vid': {
    answers: keepersAlone(204, 403),
    send: async (stage) => ({ params: await keptItem(stage), body: { after: null, season: 1, part: 2 } }),
  },
  'DELETE /playlists/:id/items/:vid': { answers: keepersAlone(204, 403), send: async (stage) => ({ params: await keptItem(stage) }) },
  'GET /videos/:vid/neighbours': ofEach((look) => ({
    answers: shownTo(look, 200),
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid } }),
  })),
  'GET /watch-later': { answers: people(200) },
  'PUT /watch-later/:vid': ofEach((look) => ({
    answers: { ...shownTo(look, 204), stranger: 401 },
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid } }),
  })),
  'DELETE /watch-later/:vid': {
    answers: people(204),
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, 'public')).vid } }),
  },
}
