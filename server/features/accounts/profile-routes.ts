import { type Route, route } from '#server/http/route.ts'
import {
  AvatarAnswer,
  AvatarParams,
  AvatarQuery,
  AvatarSizeQuery,
  ChangeProfileBody,
  ChangeUsernameBody,
  CloseBody,
  ClosingAnswer,
  MeAnswer,
  OwnProfile,
  Profile,
  UsernameParams,
} from '#shared/api/accounts.ts'
import type { AccountService } from './service.ts'
import { cookieFor } from './session-routes.ts'

const area = 'Users'
const own = { action: 'account.change' }

/** Pictures of others: whatever they are, they are shown and never run. */
const picture = {
  'content-type': 'image/webp',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
}

export function profileRoutes(service: AccountService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/user/:username',
      at: 'both',
      area,
      summary: 'A profile: the public one, or one’s own. A name that was given up leads to its account for a month.',
      access: 'anyone',
      params: UsernameParams,
      answers: { 200: Profile },
      handle: async ({ viewer, params }) => ({ status: 200, body: await service.profiles.get(viewer, params.username) }),
    }),
    route({
      method: 'DELETE',
      path: '/user/:username',
      at: 'both',
      area,
      summary: 'Close the account. A bearer token suffices; by cookie the password is asked again.',
      access: 'person',
      params: UsernameParams,
      body: CloseBody,
      answers: { 204: null },
      async handle({ viewer, params, body, signal }) {
        await service.closing.close(viewer, params.username, { password: body.password, signal })
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/me',
      area,
      summary: 'Who one is; null for strangers.',
      access: 'anyone',
      answers: { 200: MeAnswer },
      async handle({ viewer }) {
        const { user, rotated } = await service.me(viewer)
        return { status: 200, cookies: rotated ? [cookieFor(rotated.token, rotated.lastsMs)] : [], body: { user } }
      },
    }),
    route({
      method: 'PATCH',
      path: '/me',
      area,
      summary: 'Change one’s profile: only what is given.',
      access: own,
      body: ChangeProfileBody,
      answers: { 200: OwnProfile },
      handle: async ({ viewer, body }) => ({ status: 200, body: await service.profiles.change(viewer, body) }),
    }),
    route({
      method: 'PUT',
      path: '/me/username',
      area,
      summary: 'Change one’s name. The old one leads here for a month, and nobody else takes it.',
      access: own,
      body: ChangeUsernameBody,
      answers: { 200: OwnProfile },
      handle: async ({ viewer, body }) => ({ status: 200, body: await service.changeUsername(viewer, body.username) }),
    }),
    route({
      method: 'GET',
      path: '/me/closing',
      area,
      summary: 'What goes when one closes the account.',
      access: own,
      answers: { 200: ClosingAnswer },
      handle: async ({ viewer }) => ({ status: 200, body: await service.previewClosing(viewer) }),
    }),
    route({
      method: 'PUT',
      path: '/me/avatar',
      area,
      summary: 'One’s picture: the body is JPEG, PNG, WebP, GIF or AVIF of at most 10 MiB and 40 million pixels.',
      access: own,
      query: AvatarQuery,
      body: 'raw',
      answers: { 200: AvatarAnswer },
      limits: [{ name: 'avatar', limit: { count: 30, periodMs: 3_600_000, burst: 20 }, per: 'person' }],
      async handle({ viewer, raw, query, signal }) {
        const avatar = await service.putAvatar(viewer, raw, query, signal)
        if (!avatar) throw new Error('a picture that was just stored has no address')
        return { status: 200, body: { avatar } }
      },
    }),
    route({
      method: 'DELETE',
      path: '/me/avatar',
      area,
      summary: 'Remove one’s picture.',
      access: own,
      answers: { 204: null },
      async handle({ viewer }) {
        await service.removeAvatar(viewer)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/avatars/:file',
      area,
      summary: 'A picture by its address, which changes with it.',
      access: 'anyone',
      params: AvatarParams,
      answers: { 200: null },
      async handle({ params }) {
        const bytes = await service.avatars.readFile(params.file)
        return { status: 200, headers: { ...picture, 'cache-control': 'public, max-age=31536000, immutable' }, bytes }
      },
    }),
    route({
      method: 'GET',
      path: '/user/:username/avatar',
      area,
      summary: 'The present picture of a user; 404 where there is none.',
      access: 'anyone',
      params: UsernameParams,
      query: AvatarSizeQuery,
      answers: { 200: null },
      async handle({ viewer, params, query }) {
        const { bytes } = await service.avatarOf(viewer, params.username, query.size ?? 'medium')
        return { status: 200, headers: { ...picture, 'cache-control': 'private, max-age=60' }, bytes }
      },
    }),
  ]
}
