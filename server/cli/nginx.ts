import { nginxConfig } from '#server/compose/nginx.ts'
import { readOptions } from './options.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const nginx: Verb = {
  help: `
matinee nginx --api ADDRESSES [--realtime ADDRESSES] [--name NAME] [--listen PORT]

Prints what stands within http { … } of an Nginx in front of several processes: requests go to whoever answers, sockets stay where
they are. Addresses are host:port, between commas; without --realtime the same processes hold the sockets.
Tell Matinee about it: http.trustedProxies names the network Nginx speaks from, site.url the address that people type.`,
  run,
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { values } = readOptions(argv, terminal, {
    api: { type: 'string' },
    realtime: { type: 'string' },
    name: { type: 'string' },
    listen: { type: 'string' },
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
    }),
  )
  return 0
}

function addresses(value: unknown): string[] {
  const list = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : []
  const wrong = list.find((part) => !/^[\w.[\]:-]+:\d{1,5}$/.test(part))
  if (wrong !== undefined) throw new UsageError(`${wrong} is not host:port.`)
  return list
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
