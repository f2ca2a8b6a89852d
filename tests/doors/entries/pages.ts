import { goodPassword } from '#server/testing/visitors.ts'
import { type Entries, type Entry, everybody, people } from '../entry.ts'
import type { Stage } from '../stage.ts'
import { keptList } from '../things/playlists.ts'
import { keptVideo, type Look, looks, shownTo } from '../things/videos.ts'
import { resetLink } from './accounts.ts'
import { again } from './sessions.ts'

const open: Entry = { answers: everybody(200) }
/** Strangers are led to where they sign in. */
const own: Entry = { answers: { ...people(200), stranger: 303 } }
const ofAdmins: Entry = { answers: { ...people(403), stranger: 303, admin: 200, owner: 200 } }

/** Whatever a form does is a redirect; what it could not do is its page again. */
const done = everybody(303)

const ofEach = (entryOf: (look: Look) => Entry): Entry[] => looks.map((look) => ({ about: look, ...entryOf(look) }))

const onVideo = (look: Look, body?: object) => async (stage: Stage) => {
  const { vid } = await keptVideo(stage, look)
  return { params: { vid }, ...(body ? { body } : {}) }
}

export const pageEntries: Entries = {
  ...Object.fromEntries(
    ['/', '/search (page)', '/offline', '/login', '/register', '/forgot', '/reset-password', '/confirm-email', '/welcome'].map((path) => [
      `GET ${path}`,
      open,
    ]),
  ),
  'GET /@:username': { ...open, send: async (stage) => ({ params: { username: (await stage.borrow()).username } }) },
  'GET /tag/:tag': { ...open, send: () => ({ params: { tag: 'night' } }) },
  'GET /history (page)': own,
  'GET /notices (page)': own,
  'GET /lists': own,
  'GET /list/:id': [
    { about: 'public', answers: everybody(200), send: async (stage) => ({ params: await keptList(stage, 'public') }) },
    {
      about: 'private',
      answers: { ...everybody(404), keeper: 200 },
      send: async (stage) => ({ params: await keptList(stage, 'private') }),
    },
  ],
  'GET /embed/:vid': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
  'GET /watch/:vid': ofEach((look) => ({ answers: shownTo(look, 200), send: onVideo(look) })),
  'POST /watch/:vid': ofEach((look) => ({
    answers: { ...shownTo(look, 303), stranger: 401 },
    send: onVideo(look, { text: 'What a night.' }),
  })),
  'GET /admin': ofAdmins,
  'GET /admin/:section': { ...ofAdmins, send: () => ({ params: { section: 'people' } }) },
  'GET /settings': own,
  'GET /moderation': own,
  'GET /moderation/:section': { ...own, send: () => ({ params: { section: 'held' } }) },
  'GET /studio': own,
  'GET /studio/:vid': { ...own, send: () => ({ params: { vid: 'none' } }) },
  'GET /upload-films': own,
  'GET /settings/:section': { ...own, send: () => ({ params: { section: 'sessions' } }) },
  'POST /login': {
    answers: done,
    send: async (stage) => ({ body: { username: (await stage.borrow()).username, password: goodPassword } }),
  },
  'POST /logout': { answers: done, send: async (stage, who) => ({ ...(await again(stage, who)), body: {} }) },
  'POST /register': { answers: done, send: (stage) => ({ body: { username: stage.name(), password: goodPassword } }) },
  'POST /forgot': { answers: done, send: () => ({ body: { who: 'nobody-at-all' } }) },
  'POST /reset-password': { answers: done, send: resetLink },
  'POST /confirm-email': { answers: everybody(400), send: () => ({ body: { token: 'none' } }) },
  'POST /welcome': {
    answers: done,
    send: (stage) => ({ body: { siteName: 'Elsewhere', username: stage.name(), password: goodPassword } }),
  },
  'POST /language': { answers: done, send: () => ({ body: { language: 'zh-TW' } }) },
  'POST /theme': { answers: done, send: () => ({ body: { theme: 'dark' } }) },
  'GET /assets/:name': { answers: everybody(404), send: () => ({ params: { name: 'none.js' } }) },
  'GET /icons/:name': { ...open, send: () => ({ params: { name: 'icon.svg' } }) },
  'GET /sw.js': open,
  'GET /manifest.webmanifest': open,
  'GET /robots.txt': open,
  'GET /feed.xml': open,
  'GET /@:username/feed.xml': { ...open, send: async (stage) => ({ params: { username: (await stage.borrow()).username } }) },
  'GET /tag/:tag/feed.xml': { ...open, send: () => ({ params: { tag: 'night' } }) },
  'GET /sitemap.xml': open,
  'GET /sitemaps/:file': { ...open, send: () => ({ params: { file: 'pages.xml' } }) },
  'GET /oembed': ofEach((look) => ({
    answers: shownTo(look, 200),
    send: async (stage) => ({ query: `url=${encodeURIComponent(`http://localhost/watch/${(await keptVideo(stage, look)).vid}`)}` }),
  })),
}
