import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** One call to our own API, through every layer, as from outside. */
export type CallApi = (call: {
  method: string
  path: string
  headers: Record<string, string | string[]>
  body?: object
  from: string
}) => Promise<{ status: number; headers: IncomingHttpHeaders; text: string; readonly json: unknown }>

export type ApiAnswer = Awaited<ReturnType<CallApi>>

/** What tells who asks, and from where: handed on as it came, so that the API decides as if it had been asked directly. */
const telling = [
  'cookie',
  'host',
  'origin',
  'user-agent',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'via',
] as const

/** Speaks to the API in the name of whoever sent the request. */
export function callerOf(request: IncomingMessage, callApi: CallApi) {
  const headers: Record<string, string | string[]> = {}
  for (const name of telling) {
    const value = request.headers[name]
    if (value !== undefined) headers[name] = value
  }
  const from = request.socket.remoteAddress ?? ''
  return (
    method: string,
    path: string,
    extras: { language: string; body?: object | undefined; cookie?: string | undefined },
  ): Promise<ApiAnswer> =>
    callApi({
      method,
      path: `/api${path}`,
      headers: {
        ...headers,
        ...(extras.cookie ? { cookie: extras.cookie } : {}),
        accept: 'application/json',
        'accept-language': extras.language,
      },
      ...(extras.body ? { body: extras.body } : {}),
      from,
    })
}
