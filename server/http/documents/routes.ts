import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { readCookie } from '../cookies.ts'
import { type Call, type Route, route } from '../route.ts'

const area = 'Operations'
const themes = ['dark', 'light', 'auto']

/** What the table of routes says of itself, for machines and for people. Both are made when they are asked for. */
export function documentRoutes(routes: () => readonly Route[]): Route[] {
  let openApi: Promise<string> | undefined
  let style: Promise<Uint8Array> | undefined
  return [
    route({
      method: 'GET',
      path: '/openapi.json',
      area,
      summary: 'This API as an OpenAPI 3.1 document.',
      access: 'anyone',
      sessionless: true,
      answers: { 200: Type.Unknown({ description: 'OpenAPI 3.1' }) },
      cache: { freshMs: 3_600_000, tags: () => [] },
      handle: async () => {
        openApi ??= import('./openapi.ts').then(({ toOpenApi }) => JSON.stringify(toOpenApi(routes())))
        return { status: 200, body: JSON.parse(await openApi) as unknown }
      },
    }),
    route({
      method: 'GET',
      path: '/docs',
      area,
      summary: 'This API as a page.',
      access: 'anyone',
      page: true,
      answers: { 200: null },
      handle: async (call) => {
        const { toPage } = await import('./page.ts')
        const bytes = toPage({ routes: routes(), language: call.viewer.language, origin: call.origin, theme: themeOf(call) })
        return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', vary: 'accept-language, cookie' }, bytes }
      },
    }),
    route({
      method: 'GET',
      path: '/docs.css',
      area: 'Pages',
      summary: 'How that page looks.',
      access: 'anyone',
      sessionless: true,
      answers: { 200: null },
      handle: async () => {
        style ??= readFile(new URL('./page.css', import.meta.url))
        return {
          status: 200,
          headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, no-cache' },
          bytes: await style,
        }
      },
    }),
  ]
}

/** The choice that this device keeps for our other pages. */
function themeOf({ headers }: Pick<Call<unknown, unknown, unknown>, 'headers'>): string {
  const chosen = readCookie(headers.cookie, '__Host-theme') ?? readCookie(headers.cookie, 'theme')
  return themes.find((theme) => theme === chosen) ?? 'dark'
}
