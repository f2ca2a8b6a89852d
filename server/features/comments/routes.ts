import { type Route, route } from '#server/http/route.ts'
import {
  AddCommentBody,
  ChangeCommentBody,
  Comment,
  CommentPage,
  CommentParams,
  CommentsParams,
  CommentsQuery,
} from '#shared/api/comments.ts'
import { HeldPage, HeldQuery } from '#shared/api/moderation.ts'
import type { CommentService } from './service.ts'

const area = 'Comments'
const writing = { name: 'comments', limit: { count: 30, periodMs: 60_000, burst: 40 }, per: 'person' } as const

export function commentRoutes(service: CommentService): Route[] {
  const mark = (method: 'PUT' | 'DELETE', what: 'like' | 'pin', summary: string) =>
    route({
      method,
      path: `/videos/:vid/comment/:commentId/${what}`,
      area,
      summary,
      access: 'person',
      params: CommentParams,
      answers: { 204: null },
      async handle({ viewer, params, headers }) {
        await service[what](viewer, { ...params, cookie: headers.cookie }, method === 'PUT')
        return { status: 204 }
      },
    })
  return [
    route({
      method: 'GET',
      path: '/videos/:vid/comments',
      at: 'both',
      area,
      summary: 'What was said under a video, newest first or by likes; with `repliesTo` the replies to one of them.',
      access: { action: 'video.see' },
      params: CommentsParams,
      query: CommentsQuery,
      answers: { 200: CommentPage },
      handle: async ({ viewer, params, query, headers }) => ({
        status: 200,
        headers: { 'cache-control': 'private, no-store' },
        body: await service.list(viewer, { ...params, cookie: headers.cookie }, query),
      }),
    }),
    route({
      method: 'POST',
      path: '/videos/:vid/comments',
      idempotent: true,
      at: 'both',
      area,
      summary: 'Say something under a video. What replies to a reply joins its thread.',
      access: 'person',
      params: CommentsParams,
      body: AddCommentBody,
      limits: [writing],
      answers: { 201: Comment },
      handle: async ({ viewer, params, body, headers }) => ({
        status: 201,
        body: await service.add(viewer, { ...params, cookie: headers.cookie }, body),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/videos/:vid/comment/:commentId',
      area,
      summary: 'Say it in other words; the comment is marked as edited.',
      access: 'person',
      params: CommentParams,
      body: ChangeCommentBody,
      limits: [writing],
      answers: { 200: Comment },
      handle: async ({ viewer, params, body, headers }) => ({
        status: 200,
        body: await service.change(viewer, { ...params, cookie: headers.cookie }, body.text),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/videos/:vid/comment/:commentId',
      at: 'both',
      area,
      summary: 'Delete a comment: its author, the owner of the video, a moderator.',
      access: 'person',
      params: CommentParams,
      answers: { 204: null },
      async handle({ viewer, params, headers }) {
        await service.remove(viewer, { ...params, cookie: headers.cookie })
        return { status: 204 }
      },
    }),
    route({
      method: 'PUT',
      path: '/videos/:vid/comment/:commentId/approval',
      area,
      summary: 'Let a comment through that waits: the owner of the video, a moderator.',
      access: 'person',
      params: CommentParams,
      answers: { 204: null },
      async handle({ viewer, params, headers }) {
        await service.review.approve(viewer, { ...params, cookie: headers.cookie })
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/moderation/held',
      area,
      summary: 'Comments that wait for a word: below one’s own videos, or for moderators everywhere.',
      access: 'person',
      query: HeldQuery,
      answers: { 200: HeldPage },
      handle: async ({ viewer, query }) => ({
        status: 200,
        headers: { 'cache-control': 'private, no-store' },
        body: await service.review.list(viewer, query),
      }),
    }),
    mark('PUT', 'like', 'Like a comment.'),
    mark('DELETE', 'like', 'Like it no more.'),
    mark('PUT', 'pin', 'Put a comment first; one at most stands there.'),
    mark('DELETE', 'pin', 'Put it back into its place.'),
  ]
}
