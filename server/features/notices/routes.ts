import { type Route, route } from '#server/http/route.ts'
import { ChangeNoticeChoiceBody, NoticeChoices, NoticePage, NoticesQuery, ReadBody, UnreadAnswer } from '#shared/api/notices.ts'
import type { NoticeService } from './service.ts'

const area = 'Notices'
const headers = { 'cache-control': 'private, no-store' }

export function noticeRoutes(service: NoticeService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/notices',
      area,
      summary: 'What reached one, the latest first. What is gone since, or may no longer be seen, is not among it.',
      access: 'person',
      query: NoticesQuery,
      answers: { 200: NoticePage },
      handle: async ({ viewer, query }) => ({ status: 200, headers, body: await service.list(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: '/notices/unread',
      area,
      summary: 'How many are unread.',
      access: 'person',
      answers: { 200: UnreadAnswer },
      handle: async ({ viewer }) => ({ status: 200, headers, body: await service.unread(viewer) }),
    }),
    route({
      method: 'PUT',
      path: '/notices/read',
      area,
      summary: 'Those up to one are read, on every device.',
      access: 'person',
      body: ReadBody,
      answers: { 200: UnreadAnswer },
      handle: async ({ viewer, body }) => ({ status: 200, body: await service.read(viewer, body.upTo) }),
    }),
    route({
      method: 'GET',
      path: '/notices/choices',
      area,
      summary: 'Of what one wants to hear, and what of it by mail too.',
      access: 'person',
      answers: { 200: NoticeChoices },
      handle: async ({ viewer }) => ({ status: 200, headers, body: await service.choices(viewer) }),
    }),
    route({
      method: 'PUT',
      path: '/notices/choices',
      area,
      summary: 'Choose for one kind. What is not wanted in the app goes by no mail either.',
      access: 'person',
      body: ChangeNoticeChoiceBody,
      answers: { 200: NoticeChoices },
      handle: async ({ viewer, body }) => ({ status: 200, body: await service.choose(viewer, body) }),
    }),
  ]
}
