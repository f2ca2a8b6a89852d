/**
 * A business server: it decides who may upload what, opens tasks at Matinee's upload component, and hears when a file has arrived.
 *
 *   matinee serve -c conf/fupload.yaml --roles upload --port 8090      the component
 *   node examples/business-server.ts                                   this, at port 9000
 *   node examples/client.ts test.mp4                                   a client; the file ends below /tmp/business/
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

const { COMPONENT = 'http://127.0.0.1:8090', TOKEN = 'xxxxx', FOLDER = '/tmp/business/', PORT = '9000' } = process.env

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The client asks us; we ask the component, with the token that only we two know. */
async function openTask(request: IncomingMessage): Promise<unknown> {
  const { fileName, fileSize, fileMd5 } = JSON.parse((await bodyOf(request)).toString()) as Record<string, unknown>
  const userId = '123' // whoever is logged in here
  const task = { token: TOKEN, userId, storePath: FOLDER, fileName, fileSize, fileMd5, feedBackParameter: { fileName, userId } }
  const answer = await fetch(`${COMPONENT}/api/upload/new/task`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(task),
  })
  return answer.json()
}

/** May come more than once for a task: `upload-task-id` tells. The signature shows that it is the component who speaks. */
async function hear(request: IncomingMessage): Promise<void> {
  const body = await bodyOf(request)
  const signature = Buffer.from(String(request.headers['upload-signature']), 'hex')
  const expected = createHmac('sha256', TOKEN).update(body).digest()
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw new Error('not from our component')
  console.log(`task ${String(request.headers['upload-task-id'])}: ${body.toString()}`)
}

const server = createServer((request, response) => {
  const isNotice = request.url === '/notify'
  const work = isNotice ? hear(request) : openTask(request)
  work.then(
    (answer) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {})),
    (error: unknown) => response.writeHead(isNotice ? 403 : 502).end(String(error)),
  )
})
server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address()
  console.log(`business server at http://127.0.0.1:${typeof address === 'object' ? address?.port : PORT}`)
})
