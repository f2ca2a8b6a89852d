import { openLog, openSystemClock } from '#server/compose/begin.ts'
import { type FeatureParts, type Features, openFeatures } from '#server/compose/features.ts'
import { countGround } from '#server/compose/ground/figures.ts'
import { type Ground, openGround } from '#server/compose/ground/ground.ts'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import { openSecrets, type Secrets } from '#server/config/secrets.ts'
import type { Http } from '#server/http/create-http.ts'
import { createMetrics, type Metrics } from '#server/lib/metrics.ts'
import { createJobs, type Jobs, type StartedJobs } from '#server/jobs/jobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

export type HouseParts = {
  config: () => Config
  clock?: Clock
  log?: Log
  passwordCost?: FeatureParts['passwordCost']
  ffmpegVersion?: FeatureParts['ffmpegVersion']
  redisSlowMs?: number
}

/** Everything behind the doors: what a role opens to the world, and what the command line works with. */
export type Backstage = {
  config: () => Config
  clock: Clock
  log: Log
  secrets: Secrets
  ground: Ground
  /** What this process counts of itself. */
  metrics: Metrics
  jobs: Jobs
  features: Features
  /** From now on this is the server that pages ask. */
  serves(http: Http): void
  /** Takes tasks from now on, or none and only asks for them. */
  begin(roles: Parameters<Jobs['start']>[0]['roles']): StartedJobs
} & AsyncDisposable

export async function openBackstage({ config, ...given }: HouseParts): Promise<Backstage> {
  await using opened = new AsyncDisposableStack()
  const clock = given.clock ?? (await openSystemClock())
  const log = given.log ?? opened.adopt(await openLog(config()), (made) => made.flush())
  const secrets = openSecrets(pathsOf(config()).secrets)
  const ground = opened.use(await openGround({ config, clock, log, redisSlowMs: given.redisSlowMs }))
  const metrics = createMetrics()
  countGround(metrics, ground)
  const jobs = createJobs({ db: ground.db, queue: ground.queue, clock, log, timeZone: localZone })
  // Pages speak to the API through the same server that carries them: it stands by the time the first page is asked for.
  const server = Promise.withResolvers<Http>()
  const callApi = async (call: Parameters<Http['ask']>[0]) => (await server.promise).ask(call)
  let started: StartedJobs | undefined
  const desk = () => started?.overview ?? notYet()
  const { passwordCost, ffmpegVersion } = given
  const all = { config, ground: { ...ground, db: jobs.db }, secrets, tasks: jobs.tasks, desk, callApi, passwordCost, ffmpegVersion }
  const features = opened.use(await openFeatures(all))
  for (const declared of features.jobs) jobs.declare(declared)
  const closing = opened.move()
  return {
    config,
    clock,
    log,
    secrets,
    ground,
    metrics,
    jobs,
    features,
    serves: server.resolve,
    begin(roles) {
      started = jobs.start({ roles })
      return started
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

const notYet = (): never => {
  throw new Error('tasks are asked about before they have begun')
}
