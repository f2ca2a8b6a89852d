import { Type } from 'typebox'
import type { Metrics } from '#server/lib/metrics.ts'
import { isInsider } from './insiders.ts'
import { noSuchRoute } from './problems.ts'
import { profilingRoutes } from './profiling.ts'
import type { Readiness } from './readiness.ts'
import { type Route, route } from './route.ts'
import type { HttpSettings } from './settings.ts'

const State = Type.Object({
  isReady: Type.Boolean(),
  parts: Type.Array(
    Type.Object({ part: Type.String(), isReady: Type.Boolean(), reason: Type.Optional(Type.String()), ms: Type.Optional(Type.Integer()) }),
  ),
})

/** What the frame answers by itself, in every role. */
export function ownRoutes(parts: { metrics: Metrics; readiness: Readiness; settings: () => HttpSettings }): Route[] {
  const { metrics, readiness, settings } = parts
  const area = 'Operations'
  const asText = async () => ({
    status: 200 as const,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    bytes: await metrics.freshText(),
  })

  return [
    route({
      method: 'GET',
      path: '/health',
      at: 'root',
      area,
      summary: 'Answers as long as the process lives.',
      access: 'anyone',
      sessionless: true,
      unguarded: true,
      answers: { 200: Type.Object({ isAlive: Type.Boolean() }) },
      handle: async () => ({ status: 200, body: { isAlive: true } }),
    }),
    route({
      method: 'GET',
      path: '/ready',
      at: 'root',
      area,
      summary: 'Says of each part whether it works: 503 while one does not, and during shutdown. The reasons are for insiders.',
      access: 'anyone',
      sessionless: true,
      unguarded: true,
      answers: { 200: State, 503: State },
      handle: async ({ raw }) => {
        const state = await readiness.look()
        return { status: state.isReady ? 200 : 503, body: isInsider(raw, settings()) ? state : withoutReasons(state) }
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      at: 'root',
      area,
      summary: 'Figures for Prometheus: for whoever shows the token of the configuration, or from this machine where there is none.',
      access: 'anyone',
      sessionless: true,
      answers: { 200: null },
      handle: async ({ raw }) => {
        if (!isInsider(raw, settings())) throw noSuchRoute()
        return asText()
      },
    }),
    route({
      method: 'GET',
      path: '/admin/process/metrics',
      area,
      summary: 'The same figures, of the process that answers, for admins.',
      access: { role: 'admin' },
      answers: { 200: null },
      handle: asText,
    }),
    route({
      method: 'GET',
      path: '/admin/process/ready',
      area,
      summary: 'What works and what does not, with reasons, as the process that answers sees it.',
      access: { role: 'admin' },
      answers: { 200: State },
      handle: async () => ({ status: 200, body: await readiness.look() }),
    }),
    ...profilingRoutes(),
  ]
}

function withoutReasons(state: Awaited<ReturnType<Readiness['look']>>) {
  return { isReady: state.isReady, parts: state.parts.map(({ part, isReady }) => ({ part, isReady })) }
}
