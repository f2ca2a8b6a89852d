import type { Config } from '#server/config/keys.ts'
import type { Secrets } from '#server/config/secrets.ts'
import type { Settings } from '#shared/api/admin.ts'
import { defaultHttpSettings, type HttpSettings } from '#server/http/settings.ts'

/** The slice of the configuration that the frame of HTTP reads, made anew when the configuration is. */
export function httpSettings(
  config: () => Config,
  secrets: Secrets,
  settings: () => Pick<Settings, 'requestsPerMinute'>,
): () => HttpSettings {
  const secret = Buffer.from(secrets.sign).toString('base64url')
  let from: Config | undefined
  let changed: Pick<Settings, 'requestsPerMinute'> | undefined
  let made: HttpSettings = { ...defaultHttpSettings, secret }
  return () => {
    const now = config()
    const chosen = settings()
    if (now !== from || chosen !== changed) {
      from = now
      changed = chosen
      made = {
        ...defaultHttpSettings,
        secret,
        host: now.http.host,
        port: now.http.port,
        origins: now.site.url === '' ? [] : [new URL(now.site.url).origin],
        trustedProxies: now.http.trustedProxies,
        // upload-protocol, "CORS": browsers on a business server's own site upload to us.
        corsOrigins: [...now.http.corsOrigins, ...now.bServer.flatMap(({ origins }) => origins)],
        requestsPerMinute: chosen.requestsPerMinute,
        maxConnectionsPerAddress: now.http.maxConnectionsPerAddress,
        slowRequestMs: now.log.slowRequest,
        metricsToken: now.metrics.token,
      }
    }
    return made
  }
}
