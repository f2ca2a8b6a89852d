// The peer of the bench "start": a Fastify route and one worker that has SQLite open, as anybody would write it.
import { Worker } from 'node:worker_threads'
import Fastify from 'fastify'

const [port, file] = process.argv.slice(2)
const source = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const database = new DatabaseSync(workerData)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS greeting (text TEXT)')
  parentPort.on('message', () => parentPort.postMessage(database.prepare('SELECT count(*) AS n FROM greeting').get().n))
`
const worker = new Worker(source, { eval: true, workerData: file })
const ask = () =>
  new Promise((answer) => {
    worker.once('message', answer)
    worker.postMessage('count')
  })
const app = Fastify()
app.get('/ready', async () => ({ hello: 'world', greetings: await ask() }))
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.on('SIGTERM', () => process.exit(0))
