import { type Route, route } from '#server/http/route.ts'
import { UsernameParams } from '#shared/api/accounts.ts'
import { CommentParams } from '#shared/api/comments.ts'
import { IdParams } from '#shared/api/common.ts'
import { DanmakuParams } from '#shared/api/danmaku.ts'
import { BlockedWords, CasePage, CasesQuery, DecideBody, MuteBody, PersonSheet, ReportBody, ReportCase } from '#shared/api/moderation.ts'
import { VideoParams } from '#shared/api/videos.ts'
import type { createCases } from './cases.ts'
import type { createPeople } from './people.ts'
import type { createReports } from './reports.ts'

type Services = {
  reports: ReturnType<typeof createReports>
  cases: ReturnType<typeof createCases>
  people: ReturnType<typeof createPeople>
}

const area = 'Moderation'
const headers = { 'cache-control': 'private, no-store' }
const reporting = { name: 'reports', limit: { count: 60, periodMs: 3_600_000, burst: 60 }, per: 'person' } as const
const moderators = { role: 'moderator' } as const

export const moderationRoutes = (services: Services): Route[] => [
  ...reportRoutes(services),
  ...caseRoutes(services),
  ...peopleRoutes(services),
]

function reportRoutes({ reports }: Services): Route[] {
  const common = { method: 'POST', area, access: 'person', body: ReportBody, limits: [reporting], answers: { 204: null } } as const
  const done = { status: 204 } as const
  return [
    route({
      ...common,
      path: '/videos/:vid/report',
      summary: 'Tell the moderators of a video.',
      params: VideoParams,
      async handle({ viewer, params, body, headers: { cookie } }) {
        await reports.video(viewer, { ...params, cookie }, body)
        return done
      },
    }),
    route({
      ...common,
      path: '/videos/:vid/comment/:commentId/report',
      summary: 'Tell the moderators of a comment.',
      params: CommentParams,
      async handle({ viewer, params, body, headers: { cookie } }) {
        await reports.comment(viewer, { ...params, cookie }, body)
        return done
      },
    }),
    route({
      ...common,
      path: '/videos/:vid/danmaku/:id/report',
      summary: 'Tell the moderators of a danmaku.',
      params: DanmakuParams,
      async handle({ viewer, params, body, headers: { cookie } }) {
        await reports.danmaku(viewer, { ...params, cookie }, body)
        return done
      },
    }),
    route({
      ...common,
      path: '/user/:username/report',
      summary: 'Tell the moderators of a person.',
      params: UsernameParams,
      async handle({ viewer, params, body }) {
        await reports.person(viewer, params.username, body)
        return done
      },
    }),
  ]
}

function caseRoutes({ cases }: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/moderation/cases',
      area,
      summary: 'What was reported, what was reported last first.',
      access: moderators,
      query: CasesQuery,
      answers: { 200: CasePage },
      handle: async ({ viewer, query }) => ({ status: 200, headers, body: await cases.list(viewer, query) }),
    }),
    route({
      method: 'GET',
      path: '/moderation/cases/:id',
      area,
      summary: 'One case.',
      access: moderators,
      params: IdParams,
      answers: { 200: ReportCase },
      handle: async ({ viewer, params }) => ({ status: 200, headers, body: await cases.get(viewer, params.id) }),
    }),
    route({
      method: 'POST',
      path: '/moderation/cases/:id/decide',
      area,
      summary: 'Decide on a case; its author hears of what was removed or hidden, and why.',
      access: moderators,
      params: IdParams,
      body: DecideBody,
      answers: { 200: ReportCase },
      handle: async ({ viewer, params, body }) => ({ status: 200, body: await cases.decide(viewer, params.id, body) }),
    }),
  ]
}

function peopleRoutes({ people }: Services): Route[] {
  const hide = (method: 'PUT' | 'DELETE', summary: string) =>
    route({
      method,
      path: '/moderation/videos/:vid/hidden',
      area,
      summary,
      access: moderators,
      params: VideoParams,
      answers: { 204: null },
      async handle({ viewer, params, headers: { cookie } }) {
        await people.hideVideo(viewer, { ...params, cookie }, method === 'PUT')
        return { status: 204 }
      },
    })
  return [
    route({
      method: 'GET',
      path: '/moderation/people/:username',
      area,
      summary: 'What a person wrote lately, at a glance.',
      access: moderators,
      params: UsernameParams,
      answers: { 200: PersonSheet },
      handle: async ({ viewer, params }) => ({ status: 200, headers, body: await people.sheet(viewer, params.username) }),
    }),
    route({
      method: 'PUT',
      path: '/moderation/people/:username/mute',
      area,
      summary: 'Let a person say nothing, for a time or until further notice.',
      access: moderators,
      params: UsernameParams,
      body: MuteBody,
      answers: { 204: null },
      async handle({ viewer, params, body }) {
        await people.mute(viewer, params.username, body)
        return { status: 204 }
      },
    }),
    route({
      method: 'DELETE',
      path: '/moderation/people/:username/mute',
      area,
      summary: 'Let a person speak again.',
      access: moderators,
      params: UsernameParams,
      answers: { 204: null },
      async handle({ viewer, params }) {
        await people.unmute(viewer, params.username)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/moderation/words',
      area,
      summary: 'The words that make a comment wait for review.',
      access: moderators,
      answers: { 200: BlockedWords },
      handle: async ({ viewer }) => ({ status: 200, headers, body: await people.words(viewer) }),
    }),
    route({
      method: 'PUT',
      path: '/moderation/words',
      area,
      summary: 'Set the words that make a comment wait for review.',
      access: moderators,
      body: BlockedWords,
      answers: { 200: BlockedWords },
      handle: async ({ viewer, body }) => ({ status: 200, body: await people.setWords(viewer, body) }),
    }),
    hide('PUT', 'Hide a video from all but its keepers, whatever its owner says.'),
    hide('DELETE', 'Hide a video no more: it is as visible as it was.'),
  ]
}
