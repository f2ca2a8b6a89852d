import type { Config } from '#server/config/keys.ts'
import { lookAtBlobs } from './blobs.ts'
import { lookAtRedis } from './redis.ts'
import { lookAtRows } from './rows.ts'
import { type Sight, sightOf } from './sight.ts'

export { lookAtFfmpeg, lookAtRoom } from './ffmpeg.ts'
export { lookAtPages } from './pages.ts'
export type { Sight } from './sight.ts'

/** Looks at the parts that the configuration names, without changing anything in them. */
export async function lookAtParts(config: Config): Promise<Sight[]> {
  return [
    await sightOf('database', () => lookAtRows(config)),
    await sightOf('redis', () => lookAtRedis(config)),
    await sightOf('blobs', () => lookAtBlobs(config)),
  ]
}
