import { Type } from 'typebox'
import type { ServerResponse } from 'node:http'
import { Problem } from '#server/lib/problem.ts'
import { type Call, type Route, route } from '#server/http/route.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import { type CallApi, callerOf } from './caller.ts'
import type { Encoding, WebFile, WebFiles } from './web-files.ts'

const area = 'Pages'
const forEver = 'public, max-age=31536000, immutable'

/** A worker is governed by the policy of its own file: it may ask us, and nobody else. */
const workerPolicy = "default-src 'none'; connect-src 'self'; script-src 'self'"

export function fileRoutes({ files, callApi }: { files: WebFiles; callApi: CallApi }): Route[] {
  return [
    fileRoute('/assets/:name', 'A script or style of the web app.', files),
    fileRoute('/icons/:name', 'The sign of the house.', files),
    fileRoute('/sw.js', 'The service worker, which answers when there is no connection.', files, {
      'content-security-policy': workerPolicy,
    }),
    manifestRoute(callApi),
    robotsRoute(),
  ]
}

function fileRoute(path: string, summary: string, files: WebFiles, headers: Record<string, string> = {}): Route {
  return route({
    method: 'GET',
    path,
    at: 'root',
    area,
    summary,
    access: 'anyone',
    sessionless: true,
    params: path.includes(':name') ? Type.Object({ name: Type.String({ pattern: '^[\\w.-]{1,200}$' }) }) : Type.Object({}),
    answers: { 200: null },
    async respond(call, response) {
      const [name = ''] = (call.raw.url ?? '').slice(1).split('?')
      const file = await files.find(name)
      if (!file) throw new Problem('not_found', 'site.no_file')
      for (const [key, value] of Object.entries(headers)) response.setHeader(key, value)
      send(file, call, response)
    },
  })
}

function send(file: WebFile, { headers, raw }: Call<unknown, unknown, unknown>, response: ServerResponse): void {
  response.setHeader('cache-control', file.isForEver ? forEver : 'public, no-cache')
  response.setHeader('etag', file.etag)
  response.setHeader('vary', 'accept-encoding')
  if (headers['if-none-match'] === file.etag) {
    response.writeHead(304).end()
    return
  }
  const encoding = pick(file, String(headers['accept-encoding'] ?? ''))
  const bytes = (encoding && file.packed[encoding]) ?? file.plain
  if (encoding) response.setHeader('content-encoding', encoding)
  response.writeHead(200, { 'content-type': file.type, 'content-length': bytes.length })
  response.end(raw.method === 'HEAD' ? undefined : bytes)
}

function pick({ packed }: WebFile, accepted: string): Encoding | undefined {
  const words = accepted.split(',').map((word) => word.trim())
  const takes = (name: Encoding) => words.some((word) => word === name || (word.startsWith(`${name};`) && !/q=0(\.0*)?$/.test(word)))
  return (['br', 'gzip'] as const).find((name) => packed[name] && takes(name))
}

function manifestRoute(callApi: CallApi): Route {
  return route({
    method: 'GET',
    path: '/manifest.webmanifest',
    at: 'root',
    area,
    summary: 'What a system needs to install the web app.',
    access: 'anyone',
    sessionless: true,
    answers: { 200: null },
    async handle({ raw, viewer }) {
      const { json } = await callerOf(raw, callApi)('GET', '/site', { language: viewer.language })
      const name = (json as Partial<SiteAnswer> | undefined)?.name ?? 'Matinee'
      return {
        status: 200,
        headers: { 'content-type': 'application/manifest+json', 'cache-control': 'public, max-age=3600' },
        bytes: JSON.stringify({ name, short_name: name.slice(0, 12), ...installed }),
      }
    },
  })
}

const installed = {
  id: '/',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#0f0d0b',
  theme_color: '#0f0d0b',
  icons: [
    { src: '/icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    { src: '/icons/192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icons/512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icons/maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
}

/** What says nothing to who is not signed in. */
const closed = ['/admin', '/api/', '/embed/', '/history', '/settings', '/studio', '/upload-films']

function robotsRoute(): Route {
  return route({
    method: 'GET',
    path: '/robots.txt',
    at: 'root',
    area,
    summary: 'What search engines may read.',
    access: 'anyone',
    sessionless: true,
    answers: { 200: null },
    handle: async ({ origin }) => ({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=86400' },
      bytes: `User-agent: *\n${closed.map((path) => `Disallow: ${path}\n`).join('')}Sitemap: ${origin}/sitemap.xml\n`,
    }),
  })
}
