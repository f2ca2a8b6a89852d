import type { Config } from '#server/config/keys.ts'
import type { Secrets } from '#server/config/secrets.ts'
import type { Ground } from './ground/ground.ts'

export type FeatureParts = { config: () => Config; ground: Ground; secrets: Secrets }

/** What a person would miss, one line each, in the order of dependence: a ring between features cannot even be written. */
export type Features = Awaited<ReturnType<typeof createFeatures>>

export async function openFeatures(parts: FeatureParts): Promise<Features & AsyncDisposable> {
  const features = await createFeatures(parts)
  return { ...features, [Symbol.asyncDispose]: async () => {} }
}

async function createFeatures(_parts: FeatureParts) {
  return {}
}
