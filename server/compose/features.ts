import { join } from 'node:path'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { Secrets } from '#server/config/secrets.ts'
import { type Cost, createAccounts, toPersonCard, usernameKey } from '#server/features/accounts/index.ts'
import { createAdmin, type TaskDesk } from '#server/features/admin/index.ts'
import { createAudience } from '#server/features/audience/index.ts'
import { createComments } from '#server/features/comments/index.ts'
import { createConduct } from '#server/features/conduct/index.ts'
import { createCuration } from '#server/features/curation/index.ts'
import { createDanmaku } from '#server/features/danmaku/index.ts'
import { createEvents } from '#server/features/events/index.ts'
import { createExport } from '#server/features/export/index.ts'
import { createFeed } from '#server/features/feed/index.ts'
import { createFigures } from '#server/features/figures/index.ts'
import { createFollows } from '#server/features/follows/index.ts'
import { createHistory } from '#server/features/history/index.ts'
import { createModeration } from '#server/features/moderation/index.ts'
import { createNotices, toTell } from '#server/features/notices/index.ts'
import { createPlaylists } from '#server/features/playlists/index.ts'
import { openSearch } from '#server/features/search/index.ts'
import { deviceNameOf, openSessions } from '#server/features/sessions/index.ts'
import { openSettings } from '#server/features/settings/index.ts'
import { createUploads } from '#server/features/uploads/index.ts'
import { createVideos } from '#server/features/videos/index.ts'
import { createSharing } from '#server/features/sharing/index.ts'
import { createStorage } from '#server/features/storage/index.ts'
import { createTranscoding } from '#server/features/transcoding/index.ts'
import { createStreaming } from '#server/features/streaming/index.ts'
import { converter } from './ffmpeg.ts'
import { openSite } from './site.ts'
import type { CallApi } from '#server/features/site/index.ts'
import { newId } from '#server/lib/id.ts'
import { createSealed } from '#server/lib/sealed.ts'
import { configuredSettings } from './configured-settings.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { Ground } from './ground/ground.ts'

export type FeatureParts = {
  config: () => Config
  ground: Ground
  secrets: Secrets
  tasks: Tasks
  /** What admins see of tasks; stands once all kinds have been declared. */
  desk: () => TaskDesk
  /** Calls the API of this very process, as from outside. */
  callApi: CallApi
  /** What hashing a password costs, where it is not the usual. */
  passwordCost?: Cost | undefined
  /** Which FFmpeg this is, where it is not to be asked. */
  ffmpegVersion?: (() => Promise<string>) | undefined
}

/** What a person would miss. The lines stand in the order of dependence: a ring between features cannot even be written. */
export type Features = Awaited<ReturnType<typeof createFeatures>>

export async function openFeatures(parts: FeatureParts): Promise<Features & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const features = await createFeatures(parts, opened)
  const closing = opened.move()
  return { ...features, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

async function createFeatures(parts: FeatureParts, opened: AsyncDisposableStack) {
  const { config, ground, secrets, tasks, desk, callApi, passwordCost, ffmpegVersion } = parts
  const { db, bus, clock, log, limiter, blobs, mail, cache, queue, live } = ground
  const birth = () => newId(clock.now())
  const settings = await openSettings({ db: db.pick(), bus, clock, log, configured: configuredSettings(config) })
  opened.defer(() => settings[Symbol.asyncDispose]())
  const current = () => settings.current()
  const siteUrl = () => config().site.url.replace(/\/+$/, '')
  const sessions = await openSessions({ db: db.pick(), bus, clock, log, newId: birth, key: secrets.session, settings: current })
  opened.defer(() => sessions[Symbol.asyncDispose]())
  const accounts = createAccounts({
    db: db.pick(),
    sessions,
    settings: current,
    limiter,
    passwordCost,
    blobs,
    mail,
    tellOfDevice: ({ accountId, sessionId, name }) =>
      toTell({ kind: 'new_device', to: [accountId], origin: sessionId, group: `device ${sessionId}`, text: name }),
    clock,
    log,
    newId: birth,
    sealed: createSealed(() => secrets.seal),
    siteUrl,
    sourceUrl: () => config().site.sourceUrl,
    ffmpeg: converter(config),
    signKey: secrets.sign,
  })
  const admin = createAdmin({
    db: db.pick(),
    accounts,
    sessions,
    settings,
    tasks: desk,
    blobs,
    cache,
    clock,
    newId: birth,
    toCard: toPersonCard,
    usernameKey,
  })
  const videos = createVideos({
    db: db.pick(),
    accounts,
    blobs,
    queue,
    cache,
    live,
    clock,
    newId: birth,
    toCard: toPersonCard,
    passwords: accounts.passwords,
    signKey: secrets.sign,
    audit: admin.audit,
  })
  const uploads = createUploads({
    db: db.pick(),
    clock,
    log,
    signKey: secrets.sign,
    business: () => config().bServer,
    videos,
    blobs,
    live,
    folder: join(pathsOf(config()).data, 'uploads'),
    simpleLimitBytes: () => current().simpleUploadBytes,
  })
  const transcoding = createTranscoding({
    db: db.pick(),
    videos,
    blobs,
    tasks,
    clock,
    log,
    bus,
    policy: () => config().transcoding.policy,
    keepsOriginals: () => config().transcoding.keepOriginals,
    // Without Redis all workers are of this machine, and so is their FFmpeg.
    makerPatienceMs: () => (config().redis.url === '' ? 0 : 120_000),
    ffmpegVersion,
    newId: birth,
  })
  opened.defer(() => transcoding[Symbol.asyncDispose]())
  const streaming = createStreaming({
    videos,
    transcoding,
    blobs,
    clock,
    limits: () => config().limits,
    planPatienceMs: () => config().transcoding.planPatience,
    isFrontSending: () => config().http.internalRedirects,
    bus,
    log,
    deviceName: deviceNameOf,
    signKey: secrets.sign,
    recall: sessions.recall,
    db: db.pick(),
  })
  opened.defer(() => streaming[Symbol.asyncDispose]())
  const audience = createAudience({ db: db.pick(), accounts, videos, cache, clock, key: secrets.sign })
  const history = createHistory({ db: db.pick(), accounts, videos, cache, clock })
  const follows = createFollows({ db: db.pick(), accounts, toCard: toPersonCard, cache, clock })
  const notices = createNotices({
    ...{ db: db.pick(), accounts, videos, follows, live, mail, clock, toCard: toPersonCard, newId: birth },
    site: () => ({ name: current().siteName, url: siteUrl() }),
  })
  const conduct = createConduct({ db: db.pick(), cache, clock })
  const comments = createComments({
    ...{ db: db.pick(), accounts, videos, audience, follows, notices, conduct, live, clock },
    ...{ toCard: toPersonCard, newId: birth, usernameKey },
  })
  const feed = createFeed({ videos, follows, cache, clock })
  const danmaku = createDanmaku({
    ...{ db: db.pick(), accounts, videos, follows, conduct, audience, cache, live, clock },
    ...{ toCard: toPersonCard, newId: birth, key: secrets.sign },
  })
  const moderation = createModeration({
    ...{ db: db.pick(), accounts, audit: admin.audit, videos, comments, danmaku, conduct, notices, clock },
    ...{ countVideos: videos.countOf, toCard: toPersonCard, newId: birth },
  })
  const playlists = createPlaylists({ db: db.pick(), accounts, videos, toCard: toPersonCard, clock, newId: birth })
  const figures = createFigures({ db: db.pick(), videos, cache, clock })
  const ownData = createExport({ db: db.pick(), clock })
  const search = openSearch({ db: db.pick(), bus, blobs, queue, videos, follows, toCard: toPersonCard, clock })
  opened.defer(() => search[Symbol.asyncDispose]())
  const curation = createCuration({
    ...{ db: db.pick(), accounts, audit: admin.audit, videos, search, notices, clock },
    movers: [comments.moveAll, danmaku.moveAll, audience.moveAll, history.moveAll, playlists.moveAll],
  })
  const events = createEvents({ db: db.pick(), clock })
  for (const { closedKind } of [events, uploads]) accounts.closing.keeps({ task: closedKind })
  const storage = createStorage({ blobs, clock, log, videos, queue, isWanted: uploads.isLeaving })
  const sharing = createSharing({ videos, accounts, site: () => ({ name: current().siteName, url: siteUrl() }), clock })
  const framing = { pattern: '/embed/:vid', framedBy: ({ vid }: Record<string, unknown>) => sharing.framedBy(String(vid)) }
  const site = await openSite({ callApi, framing, log })
  // Every process knows every kind of task, so that it can ask for one; which it runs is its roles' business.
  const jobs = [
    accounts.doors.jobs,
    sessions.doors.jobs,
    events.doors.jobs,
    uploads.doors.jobs,
    videos.doors.jobs,
    audience.doors.jobs,
    history.doors.jobs,
    follows.doors.jobs,
    danmaku.doors.jobs,
    comments.doors.jobs,
    notices.doors.jobs,
    moderation.doors.jobs,
    playlists.doors.jobs,
    curation.doors.jobs,
    search.doors.jobs,
    storage.doors.jobs,
    transcoding.doors.jobs,
  ]
  // What matinee seed puts into an empty house, in this order.
  const seeds = [accounts.seed, admin.seed]
  return {
    blobs,
    seeds,
    settings,
    sessions,
    accounts,
    admin,
    videos,
    audience,
    history,
    follows,
    feed,
    danmaku,
    notices,
    sharing,
    moderation,
    playlists,
    figures,
    ownData,
    search,
    curation,
    comments,
    transcoding,
    streaming,
    uploads,
    events,
    storage,
    site,
    jobs,
  }
}
