import { Session } from 'node:inspector/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { getHeapSnapshot } from 'node:v8'
import { Type } from 'typebox'
import { Problem } from '#server/lib/problem.ts'
import { type Route, route } from './route.ts'

const Profile = Type.Unknown({ description: 'A .cpuprofile, as developer tools of browsers open it.' })
const limits = [{ name: 'profiling', limit: { count: 6, periodMs: 60_000 }, per: 'person' as const }]

/** What a slow or fat process is doing, for its admins, while it goes on. One look at a time: looking costs. */
export function profilingRoutes(): Route[] {
  let isLooking = false
  const alone = async <T>(look: () => Promise<T>): Promise<T> => {
    if (isLooking) throw new Problem('conflict', 'http.profile_running')
    isLooking = true
    try {
      return await look()
    } finally {
      isLooking = false
    }
  }

  return [
    route({
      method: 'POST',
      path: '/admin/profile/cpu',
      area: 'Operations',
      summary: 'Records for some seconds where this process spends its time.',
      access: { role: 'admin' },
      query: Type.Object({ seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 10 })) }),
      answers: { 200: Profile },
      limits,
      handle: ({ query, signal }) =>
        alone(async () => ({
          status: 200 as const,
          headers: { 'content-disposition': 'attachment; filename="matinee.cpuprofile"' },
          body: await recordCpu((query.seconds ?? 10) * 1000, signal),
        })),
    }),
    route({
      method: 'POST',
      path: '/admin/profile/heap',
      area: 'Operations',
      summary: 'Writes down all that this process holds in memory. It stands still meanwhile, and the file holds whatever it knew.',
      access: { role: 'owner' },
      answers: { 200: null },
      limits,
      handle: () =>
        alone(async () => ({
          status: 200 as const,
          headers: { 'content-type': 'application/json', 'content-disposition': 'attachment; filename="matinee.heapsnapshot"' },
          bytes: getHeapSnapshot() as AsyncIterable<Uint8Array>,
        })),
    }),
  ]
}

async function recordCpu(ms: number, signal: AbortSignal): Promise<unknown> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 1000 })
    await session.post('Profiler.start')
    await sleep(ms, undefined, { signal })
    const { profile } = await session.post('Profiler.stop')
    return profile
  } finally {
    session.disconnect()
  }
}
