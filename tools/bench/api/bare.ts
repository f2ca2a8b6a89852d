import { fastify } from 'fastify'
import { answer, AnswerSchema } from './answer.ts'

/** The peer: one Fastify route with a compiled serializer, and nothing else. */
const app = fastify({ logger: false })
app.get('/api/videos', { schema: { response: { 200: AnswerSchema } } }, async () => answer)
await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address()
console.log(`listening ${typeof address === 'object' ? address?.port : ''}`)
process.once('SIGTERM', () => process.exit(0))
