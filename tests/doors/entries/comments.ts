import { type Entries, type Entry, type Expected, people } from '../entry.ts'
import type { Stage, Who } from '../stage.ts'
import { keptVideo, type Look, looks, shownTo } from '../things/videos.ts'

const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))

/** Strangers are asked who they are. */
const signedIn = (expected: Expected): Expected => ({ ...expected, stranger: 401 })

const onVideo = (look: Look, body?: object) => async (stage: Stage) => {
  const { vid } = await keptVideo(stage, look)
  return { params: { vid }, ...(body ? { body } : {}) }
}

/** A comment of somebody else's below the keeper's public film; where it is one's own, of the viewer's. */
const onComment =
  (of: 'own' | 'lent', body?: object) =>
  async (stage: Stage, { somebody }: Who) => {
    const { vid } = await keptVideo(stage, 'public')
    const author = of === 'own' && somebody ? somebody : await stage.borrow()
    const { id } = await stage.as<{ id: string }>(author, 'POST', `/videos/${vid}/comments`, { text: 'What a night.' })
    return { params: { vid, commentId: id }, ...(body ? { body } : {}) }
  }

export const commentEntries: Entries = {
  'GET /videos/:vid/comments': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
  'POST /videos/:vid/comments': ofEach((look) => ({
    answers: signedIn(shownTo(look, 201)),
    send: onVideo(look, { text: 'What a night.' }),
  })),
  'PATCH /videos/:vid/comment/:commentId': [
    { about: 'somebody’s', answers: people(403), send: onComment('lent', { text: 'No.' }) },
    { about: 'one’s own', answers: people(200), send: onComment('own', { text: 'What a film.' }) },
  ],
  // The video's keeper and the moderators keep order below it.
  'DELETE /videos/:vid/comment/:commentId': [
    { about: 'somebody’s', answers: { ...people(204), member: 403 }, send: onComment('lent') },
    { about: 'one’s own', answers: people(204), send: onComment('own') },
  ],
  'PUT /videos/:vid/comment/:commentId/approval': {
    answers: { ...people(204), member: 403 },
    send: onComment('lent'),
  },
  'GET /moderation/held': [
    { about: 'one’s own', answers: people(200) },
    { about: 'everybody’s', answers: { ...people(200), member: 403, keeper: 403 }, send: () => ({ query: 'of=all' }) },
  ],
  'PUT /videos/:vid/comment/:commentId/like': { answers: people(204), send: onComment('lent') },
  'DELETE /videos/:vid/comment/:commentId/like': { answers: people(204), send: onComment('lent') },
  'PUT /videos/:vid/comment/:commentId/pin': { answers: { ...people(403), keeper: 204 }, send: onComment('lent') },
  'DELETE /videos/:vid/comment/:commentId/pin': { answers: { ...people(403), keeper: 204 }, send: onComment('lent') },
}
