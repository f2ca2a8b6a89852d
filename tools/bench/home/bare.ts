// The peer of the bench "home": a Fastify route that answers with the very body, as anybody would write it.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const body = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as object
const app = Fastify()
app.get('/api/home', () => body)
const address = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`port ${new URL(address).port}`)
