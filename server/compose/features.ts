import type { Config } from '#server/config/keys.ts'
import type { Secrets } from '#server/config/secrets.ts'
import { createEvents } from '#server/features/events/index.ts'
import { openSessions } from '#server/features/sessions/index.ts'
import { openSite } from './site.ts'
import type { CallApi } from '#server/features/site/index.ts'
import { newId } from '#server/lib/id.ts'
import type { Ground } from './ground/ground.ts'

export type FeatureParts = {
  config: () => Config
  ground: Ground
  secrets: Secrets
  /** Calls the API of this very process, as from outside. */
  callApi: CallApi
}

/** What a person would miss. The lines stand in the order of dependence: a ring between features cannot even be written. */
export type Features = Awaited<ReturnType<typeof createFeatures>>

export async function openFeatures(parts: FeatureParts): Promise<Features & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const features = await createFeatures(parts, opened)
  const closing = opened.move()
  return { ...features, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

async function createFeatures({ config, ground, secrets, callApi }: FeatureParts, opened: AsyncDisposableStack) {
  const { db, bus, clock, log } = ground
  const birth = () => newId(clock.now())
  const settings = () => sessionSettings(config())
  const sessions = await openSessions({ db: db.pick(), bus, clock, log, newId: birth, key: secrets.session, settings })
  opened.defer(() => sessions[Symbol.asyncDispose]())
  const events = createEvents({ db: db.pick(), clock })
  const site = await openSite({ callApi, log })
  return { sessions, events, site }
}

function sessionSettings({ accounts }: Config) {
  return { sessionLifeMs: accounts.sessionLife, requireSecondFactor: accounts.requireSecondFactor }
}
