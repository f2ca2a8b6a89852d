import type { Config } from '#server/config/keys.ts'
import type { Settings } from '#shared/api/admin.ts'

/** What the configuration says of that which admins may change: the same object until it says something else. */
export function configuredSettings(config: () => Config): () => Settings {
  let from: Config | undefined
  let made: Settings | undefined
  return () => {
    const now = config()
    if (made && now === from) return made
    from = now
    made = toSettings(now)
    return made
  }
}

function toSettings({ site, accounts, limits }: Config): Settings {
  return {
    siteName: site.name,
    signUp: accounts.signUp,
    requireSecondFactor: accounts.requireSecondFactor,
    sessionLifeMs: accounts.sessionLife,
    failuresPerAccount: accounts.failuresPerAccount,
    failuresPerAddress: accounts.failuresPerAddress,
    failureWindowMs: accounts.failureWindow,
    streams: limits.streams,
    streamsPerPerson: limits.streamsPerPerson,
    simpleUploadBytes: limits.simpleUpload,
    requestsPerMinute: limits.requestsPerMinute,
  }
}
