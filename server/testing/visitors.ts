import type { Injected } from '#server/http/inject.ts'
import type { TestMatinee } from './matinee.ts'

export type Visitor = {
  token: string
  id: string
  username: string
  call(method: string, path: string, body?: object | string | Uint8Array, headers?: Record<string, string>): Promise<Injected>
}

export const goodPassword = 'seven lanterns by the sea'

/** Calls as somebody: by token, or as a stranger. `from` is the address that the line comes from. */
export function callAs(matinee: Pick<TestMatinee, 'inject'>, token?: string, from = '192.0.2.77'): Visitor['call'] {
  return (method, path, body, headers = {}) =>
    matinee.inject({
      method,
      path,
      ...(body === undefined ? {} : { body }),
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      from,
    })
}

/** Somebody new. The first who comes from 127.0.0.1 owns the house. */
export async function join(
  matinee: Pick<TestMatinee, 'inject'>,
  username: string,
  options: { from?: string; password?: string } = {},
): Promise<Visitor> {
  const { from = '192.0.2.77', password = goodPassword } = options
  const { status, json, text } = await matinee.inject({ method: 'POST', path: '/user', body: { username, password }, from })
  if (status !== 201) throw new Error(`${username} could not register: ${text}`)
  const { token, user } = json as { token: string; user: { id: string; username: string } }
  return { token, id: user.id, username: user.username, call: callAs(matinee, token, from) }
}

export const joinAsOwner = (matinee: Pick<TestMatinee, 'inject'>, username = 'owner') => join(matinee, username, { from: '127.0.0.1' })

/** The session cookie that an answer set, as a browser shows it. */
export function cookieOf({ headers }: Injected): string {
  const [cookie = ''] = headers['set-cookie'] ?? []
  return cookie.split(';')[0] ?? ''
}

export function codeOf({ json }: Injected): string | undefined {
  return (json as { code?: string } | undefined)?.code
}

/** The paths and codes of wrong fields. */
export function fieldsOf({ json }: Injected): string[] {
  const { fields = [] } = (json ?? {}) as { fields?: { path: string; code: string }[] }
  return fields.map(({ path, code }) => `${path}: ${code}`)
}
