import { type TObject, Type } from 'typebox'
import { type Answers, type Route, route } from '#server/http/route.ts'
import type { Show, Shown } from './show.ts'

/** Statuses of pages. A page is bytes to the frame: what it holds is the web app's. */
export const pageAnswers = {
  200: null,
  303: null,
  400: null,
  401: null,
  403: null,
  404: null,
  409: null,
  413: null,
  429: null,
  500: null,
  503: null,
} as const satisfies Answers

export type PageStatus = keyof typeof pageAnswers

/** Of a page that other sites may show in a frame: which sites, by the parameters of its address. */
export type Framing = { pattern: string; framedBy(params: Record<string, unknown>): Promise<string> }

export function pageRoutes({ patterns, show, framing }: { patterns: readonly string[]; show: Show; framing: Framing }): Route[] {
  return patterns.map((path) =>
    route({
      method: 'GET',
      path,
      at: 'root',
      area: 'Pages',
      summary: `The page at ${path}.`,
      access: 'anyone',
      page: true,
      params: paramsOf(path),
      answers: pageAnswers,
      handle: async (call) => ({
        ...toAnswer(await show(call)),
        ...(path === framing.pattern ? { framedBy: await framing.framedBy(call.params) } : {}),
      }),
    }),
  )
}

/** Whether there is such a thing is the page's to find out; here an address is only kept within bounds. */
export function paramsOf(path: string): TObject {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  return Type.Object(Object.fromEntries(names.map((name) => [name, Type.String({ minLength: 1, maxLength: 200 })])))
}

/** Pages hold what is private, and a token: no store keeps them, but going back in the browser may show them again. */
export function toAnswer(shown: Shown) {
  const session: Record<string, string> = shown.session === undefined ? {} : { 'set-cookie': shown.session }
  if ('goTo' in shown) return { status: 303 as const, headers: { location: shown.goTo, ...session } }
  return {
    status: statusOf(shown.status),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': shown.language,
      'cache-control': 'private, no-cache',
      ...session,
    },
    bytes: shown.html,
  }
}

function statusOf(status: number): PageStatus {
  if (status in pageAnswers) return status as PageStatus
  return status >= 500 ? 503 : 400
}
