import type { ServerResponse } from 'node:http'
import { isForm, readForm, readJson } from '#server/http/body.ts'
import { type Call, type Route, route } from '#server/http/route.ts'
import type { Desk } from './desk.ts'
import { type DeskShown, writeDesk } from './desk-page.ts'
import { Refusal } from './refusal.ts'

const area = 'Uploads'
const limits = [{ name: 'upload-desk', limit: { count: 120, periodMs: 60_000 }, per: 'address' as const }]
const mostBytes = 4096
type AnyCall = Call<unknown, unknown, unknown>

/** Business servers see their uploads, by JSON or by a small page. The token is in the body: addresses are written down in too many places. */
export function deskRoutes(desk: Desk): Route[] {
  const common = { area, access: 'anyone', sessionless: true, answers: { 200: null } } as const
  const changing = { ...common, method: 'POST', body: 'raw', limits } as const
  return [
    route({
      ...common,
      method: 'GET',
      path: '/upload/tasks',
      summary: 'A page on which a business server shows its token, and sees its uploads.',
      respond: async (call, response) => writePage(call, response, {}),
    }),
    route({
      ...changing,
      path: '/upload/tasks',
      summary: 'The uploads of a business server: under way, and with callbacks that were not heard.',
      respond: (call, response) => answer(call, response, async ({ token }) => await desk.look(token)),
    }),
    route({
      ...changing,
      path: '/upload/tasks/again',
      summary: 'Sends the callback of a task again.',
      respond: (call, response) =>
        answer(call, response, async ({ token, taskId }) => {
          await desk.again(token, taskId)
          return await desk.look(token)
        }),
    }),
  ]
}

type Look = Awaited<ReturnType<Desk['look']>>

async function answer(call: AnyCall, response: ServerResponse, act: (asked: Record<string, unknown>) => Promise<Look>): Promise<void> {
  const isPage = isForm(call.raw)
  const asked = isPage ? await readForm(call.raw, mostBytes) : await readJson(call.raw, mostBytes)
  const given = typeof asked === 'object' && asked !== null ? (asked as Record<string, unknown>) : {}
  try {
    const look = await act(given)
    if (isPage) writePage(call, response, { token: String(given.token), ...look })
    else writeJson(response, { retCode: '0', status: 'ok', data: look })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (isPage) writePage(call, response, { problem: error.message })
    else writeJson(response, { retCode: error.retCode, status: error.message, data: null })
  }
}

function writePage({ viewer }: AnyCall, response: ServerResponse, shown: DeskShown): void {
  const policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
  const headers = { 'content-security-policy': policy, 'referrer-policy': 'same-origin', 'cache-control': 'no-store' }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  send(response, 'text/html; charset=utf-8', writeDesk(viewer.language, shown))
}

function writeJson(response: ServerResponse, body: object): void {
  response.setHeader('cache-control', 'no-store')
  send(response, 'application/json; charset=utf-8', JSON.stringify(body))
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text)
}
