import { isForm, readForm, readJson } from '#server/http/body.ts'
import { type Call, type Route, route } from '#server/http/route.ts'
import type { Desk } from './desk.ts'
import { writeDesk } from './desk-page.ts'
import { refusalText } from './refusal-text.ts'
import { Refusal } from './refusal.ts'

const area = 'Uploads'
const limits = [{ name: 'upload-desk', limit: { count: 120, periodMs: 60_000 }, per: 'address' as const }]
const mostBytes = 4096
const html = { 'content-type': 'text/html; charset=utf-8' }
const json = { 'content-type': 'application/json; charset=utf-8' }
type AnyCall = Call<unknown, unknown, unknown>
type Look = Awaited<ReturnType<Desk['look']>>

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
      handle: async ({ viewer }) => ({ status: 200, headers: html, bytes: writeDesk(viewer.language, {}) }),
    }),
    route({
      ...changing,
      path: '/upload/tasks',
      summary: 'The uploads of a business server: under way, and with callbacks that were not heard.',
      handle: (call) => answer(call, async ({ token }) => await desk.look(token)),
    }),
    route({
      ...changing,
      path: '/upload/tasks/again',
      summary: 'Sends the callback of a task again.',
      handle: (call) =>
        answer(call, async ({ token, taskId }) => {
          await desk.again(token, taskId)
          return await desk.look(token)
        }),
    }),
  ]
}

async function answer(call: AnyCall, act: (asked: Record<string, unknown>) => Promise<Look>) {
  const { language } = call.viewer
  const isPage = isForm(call.raw)
  const asked = isPage ? await readForm(call.raw, mostBytes) : await readJson(call.raw, mostBytes)
  const given = typeof asked === 'object' && asked !== null ? (asked as Record<string, unknown>) : {}
  const page = (text: string) => ({ status: 200 as const, headers: html, bytes: text })
  const told = (body: object) => ({ status: 200 as const, headers: json, bytes: JSON.stringify(body) })
  try {
    const look = await act(given)
    return isPage ? page(writeDesk(language, { token: String(given.token), ...look })) : told({ retCode: '0', status: 'ok', data: look })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return isPage
      ? page(writeDesk(language, { problem: refusalText(error, language) }))
      : told({ retCode: error.retCode, status: error.message, data: null })
  }
}
