import { nginxConfig } from '#server/compose/nginx.ts'
import { readOptions } from './options.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const nginx: Verb = {
  help: `
matinee nginx --api ADDRESSES [--realtime ADDRESSES] [--name NAME] [--listen PORT]
              [--blobs FOLDER | --s3 ADDRESS]

Prints what stands within http { … } of an Nginx in front of several processes: requests go to whoever answers, sockets stay where
they are. Addresses are host:port, between commas; without --realtime the same processes hold the sockets.
With --blobs (the folder where films lie) or --s3 (the S3 server) Nginx sends stored bytes itself: say http.internalRedirects to Matinee.
Tell Matinee about it: http.trustedProxies names the network Nginx speaks from, site.url the address that people type.`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { values } = readOptions(argv, terminal, {
    api: { type: 'string' },
    realtime: { type: 'string' },
    name: { type: 'string' },
    listen: { type: 'string' },
    blobs: { type: 'string' },
    s3: { type: 'string' },
  })
  const api = addresses(values.api)
  if (api.length === 0) throw new UsageError('--api takes at least one host:port.')
  const realtime = addresses(values.realtime)
  terminal.out(
    nginxConfig({
      api,
      realtime: realtime.length > 0 ? realtime : api,
      name: text(values.name) ?? '_',
      port: Number(text(values.listen) ?? 80),
      bytes: bytesOf(text(values.blobs), text(values.s3)),
    }),
  )
  return 0
}

function bytesOf(path: string | undefined, endpoint: string | undefined) {
  if (path !== undefined && endpoint !== undefined) throw new UsageError('Films lie in one place: --blobs or --s3.')
  if (path !== undefined && !/^\/[\w./-]*$/.test(path)) throw new UsageError(`${path} is no path of a folder without blanks.`)
  if (endpoint !== undefined && !/^https?:\/\/[\w.[\]:-]+\/?$/.test(endpoint))
    throw new UsageError(`${endpoint} is no address of a server.`)
  if (path !== undefined) return { kind: 'disk', path } as const
  return endpoint === undefined ? undefined : ({ kind: 's3', endpoint } as const)
}

function addresses(value: unknown): string[] {
  const list = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : []
  const wrong = list.find((part) => !/^[\w.[\]:-]+:\d{1,5}$/.test(part))
  if (wrong !== undefined) throw new UsageError(`${wrong} is not host:port.`)
  return list
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
