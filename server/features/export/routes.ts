import { type Route, route } from '#server/http/route.ts'
import type { ExportService } from './service.ts'

const often = { name: 'export', limit: { count: 6, periodMs: 3_600_000, burst: 3 }, per: 'person' } as const

export function exportRoutes(service: ExportService): Route[] {
  return [
    route({
      method: 'GET',
      path: '/me/export',
      area: 'Accounts',
      summary:
        'All of one’s own data as one file: profile, videos, comments, danmaku, marks, history, lists, notices, whom one follows and blocks.',
      access: 'person',
      limits: [often],
      answers: { 200: null },
      async handle({ viewer, signal }) {
        const encoder = new TextEncoder()
        const texts = await service.own(viewer, signal)
        return {
          status: 200,
          headers: {
            'cache-control': 'private, no-store',
            'content-type': 'application/json; charset=utf-8',
            'content-disposition': 'attachment; filename="matinee-export.json"',
          },
          bytes: (async function* () {
            for await (const text of texts) yield encoder.encode(text)
          })(),
        }
      },
    }),
  ]
}
