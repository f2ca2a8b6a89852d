import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Fastify from 'fastify'

/** What a Node server usually sends files with. */
const [, , root = ''] = process.argv
const peers = createRequire(join(import.meta.dirname, '../package.json'))
const { default: plugin } = (await import(pathToFileURL(peers.resolve('@fastify/static')).href)) as {
  default: Parameters<typeof app.register>[0]
}
const app = Fastify()
await app.register(plugin, { root })
const url = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`listening ${new URL(url).port}`)
