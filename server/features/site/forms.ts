import { targetOf } from '#shared/entrance.ts'
import type { ApiAnswer } from './caller.ts'

type Values = Record<string, string>
type Ask = (method: string, path: string, body?: object, cookie?: string) => Promise<ApiAnswer>
/** Where the form stood: what its address names, and what was asked there. */
type Where = { params: Values; query: URLSearchParams }

/** `from`: the answer that carries the session to keep. */
export type Outcome = { goTo: string; from?: ApiAnswer } | { refused: ApiAnswer }

export type Form = {
  /** The page's own address: there the form stands, and there it is sent. */
  action: string
  summary: string
  fields: readonly string[]
  /** Never shown again. */
  secrets: readonly string[]
  isSessionless?: boolean
  send(ask: Ask, values: Values, where: Where): Promise<Outcome>
}

export const forms: readonly Form[] = [
  {
    action: '/login',
    summary: 'Sign in by a form.',
    fields: ['username', 'password', 'code'],
    secrets: ['password', 'code'],
    isSessionless: true,
    async send(ask, { username = '', password = '', code }, { query }) {
      const answer = await ask('POST', '/session', { username: username.trim(), password, ...given({ code: code?.trim() }) })
      return isFine(answer) ? { goTo: targetOf(query), from: answer } : { refused: answer }
    },
  },
  {
    action: '/logout',
    summary: 'Sign out by a form.',
    fields: [],
    secrets: [],
    async send(ask) {
      const answer = await ask('DELETE', '/session')
      // 401: the session had ended already, which is what was asked for.
      return isFine(answer) || answer.status === 401 ? { goTo: '/', from: answer } : { refused: answer }
    },
  },
  {
    action: '/register',
    summary: 'Sign up by a form.',
    fields: ['username', 'password', 'invitation', 'note'],
    secrets: ['password'],
    isSessionless: true,
    async send(ask, { username = '', password = '', invitation, note }, { query }) {
      const answer = await ask('POST', '/user', { username: username.trim(), password, ...given({ invitation: invitation?.trim(), note }) })
      if (!isFine(answer)) return { refused: answer }
      return hasSession(answer) ? { goTo: targetOf(query), from: answer } : { goTo: '/register?waiting' }
    },
  },
  {
    action: '/forgot',
    summary: 'Ask for a link to a new password by a form.',
    fields: ['who'],
    secrets: [],
    async send(ask, { who = '' }) {
      const answer = await ask('POST', '/password-reset-request', { who: who.trim() })
      return isFine(answer) ? { goTo: '/forgot?sent' } : { refused: answer }
    },
  },
  {
    action: '/reset-password',
    summary: 'Set a new password by a form.',
    fields: ['token', 'newPassword'],
    secrets: ['newPassword'],
    isSessionless: true,
    async send(ask, { token = '', newPassword = '' }) {
      const answer = await ask('POST', '/password-reset', { token: token.trim(), newPassword })
      return isFine(answer) ? { goTo: '/reset-password?done' } : { refused: answer }
    },
  },
  {
    action: '/confirm-email',
    summary: 'Confirm a mail address by a form.',
    fields: ['token'],
    secrets: [],
    isSessionless: true,
    async send(ask, { token = '' }) {
      const answer = await ask('POST', '/email-confirmation', { token: token.trim() })
      return isFine(answer) ? { goTo: '/confirm-email?done' } : { refused: answer }
    },
  },
  {
    action: '/welcome',
    summary: 'Open a new cinema by a form.',
    fields: ['siteName', 'signUp', 'username', 'password', 'ownerCode'],
    secrets: ['password', 'ownerCode'],
    isSessionless: true,
    async send(ask, { siteName = '', signUp, username = '', password = '', ownerCode }) {
      const joined = await ask('POST', '/user', { username: username.trim(), password, ...given({ ownerCode: ownerCode?.trim() }) })
      if (!isFine(joined)) return { refused: joined }
      const cookie = joined.headers['set-cookie']?.at(-1)?.split(';')[0]
      if (!isOwner(joined)) return { goTo: '/welcome?member', from: joined }
      await ask('PATCH', '/admin/settings', { siteName: siteName.trim(), ...given({ signUp }) }, cookie)
      return { goTo: '/', from: joined }
    },
  },
  {
    action: '/watch/:vid',
    summary: 'Say something under a video, or show its password, by a form.',
    fields: ['text', 'replyTo', 'password'],
    secrets: ['password'],
    async send(ask, { text = '', replyTo, password }, { params: { vid = '' } }) {
      const path = `/videos/${encodeURIComponent(vid)}`
      const goTo = `/watch/${encodeURIComponent(vid)}`
      const answer =
        password === undefined
          ? await ask('POST', `${path}/comments`, { text, ...given({ replyTo }) })
          : await ask('POST', `${path}/unlock`, { password })
      if (!isFine(answer)) return { refused: answer }
      return password === undefined ? { goTo: `${goTo}#comments-title` } : { goTo, from: answer }
    },
  },
]

function isFine({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300
}

function hasSession({ json }: ApiAnswer): boolean {
  return typeof (json as { token?: unknown } | undefined)?.token === 'string'
}

function isOwner({ json }: ApiAnswer): boolean {
  return (json as { user?: { role?: unknown } } | undefined)?.user?.role === 'owner'
}

/** Fields that were left empty were not given. */
function given(values: Record<string, string | undefined>): Values {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''))
}
