import { type Entries, type Entry, type Expected, people } from '../entry.ts'
import type { Stage } from '../stage.ts'
import { keptVideo, type Look, looks, shownTo } from '../things/videos.ts'

const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))
const moderators: Expected = { ...people(200), member: 403, keeper: 403 }
const moderatorsDo: Expected = { ...people(204), member: 403, keeper: 403 }
const body = { reason: 'spam', note: 'Look at this.' }

/** Something that a borrowed person said below or over the keeper's public film. */
async function said(stage: Stage, what: 'comments' | 'danmaku') {
  const { vid } = await keptVideo(stage, 'public')
  const text = { text: `Word number ${stage.name()}`, ...(what === 'danmaku' ? { atMs: 1000 } : {}) }
  const { id } = await stage.as<{ id: string }>(await stage.borrow(), 'POST', `/videos/${vid}/${what}`, text)
  return { vid, id }
}

async function openCase(stage: Stage) {
  const { vid, id } = await said(stage, 'comments')
  await stage.as(await stage.join(), 'POST', `/videos/${vid}/comment/${id}/report`, body)
  const { items } = await stage.as<{ items: { id: string; thingId: string }[] }>(stage.people.owner, 'GET', '/moderation/cases')
  return { params: { id: items.find(({ thingId }) => thingId === id)?.id ?? '' } }
}

const onPerson =
  (more: object = {}) =>
  async (stage: Stage) => ({ params: { username: (await stage.borrow()).username }, ...more })

export const moderationEntries: Entries = {
  'POST /videos/:vid/report': ofEach((look) => ({
    // Nobody reports what is their own.
    answers: { ...shownTo(look, 204), stranger: 401, keeper: look === 'deleted' ? 404 : 400 },
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, look)).vid }, body }),
  })),
  'POST /videos/:vid/comment/:commentId/report': {
    answers: people(204),
    send: async (stage) => {
      const { vid, id } = await said(stage, 'comments')
      return { params: { vid, commentId: id }, body }
    },
  },
  'POST /videos/:vid/danmaku/:id/report': {
    answers: people(204),
    send: async (stage) => ({ params: await said(stage, 'danmaku'), body }),
  },
  'POST /user/:username/report': { answers: people(204), send: onPerson({ body }) },
  'GET /moderation/cases': { answers: moderators },
  'GET /moderation/cases/:id': { answers: moderators, send: openCase },
  'POST /moderation/cases/:id/decide': {
    answers: moderators,
    send: async (stage) => ({ ...(await openCase(stage)), body: { what: 'dismiss' } }),
  },
  'GET /moderation/people/:username': { answers: moderators, send: onPerson() },
  'PUT /moderation/people/:username/mute': { answers: moderatorsDo, send: onPerson({ body: { why: 'Enough.' } }) },
  'DELETE /moderation/people/:username/mute': { answers: moderatorsDo, send: onPerson() },
  'GET /moderation/words': { answers: moderators },
  'PUT /moderation/words': { answers: moderators, send: () => ({ body: { words: ['casino'] } }) },
  'PUT /moderation/videos/:vid/hidden': {
    answers: moderatorsDo,
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, 'private')).vid } }),
  },
  'DELETE /moderation/videos/:vid/hidden': {
    answers: moderatorsDo,
    send: async (stage) => ({ params: { vid: (await keptVideo(stage, 'private')).vid } }),
  },
}
