import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { type Range, without } from '../ranges.ts'

type Task = { size: number; held: Uint8Array; missing: Range[]; status: 'upload' | 'pause' | 'cancel'; fileName: string }

/** The block protocol over real HTTP, in memory, as its specification says: what a client must get along with. */
export async function openBlockServer() {
  const tasks: Task[] = []
  const seen = { sentBytes: 0, logins: 0, doomed: 0 }

  const envelope = (retCode: string, status: string, data: unknown = null, more: object = {}) => ({
    status: 200,
    body: { retCode, status, data, ...more },
  })

  function open(body: { fileName: string; fileSize: number }) {
    tasks.push({
      size: body.fileSize,
      held: new Uint8Array(body.fileSize),
      missing: [{ start: 0, end: body.fileSize }].filter(({ end }) => end > 0),
      status: 'upload',
      fileName: body.fileName,
    })
    return { status: 201, body: told(tasks.length) }
  }

  function told(taskId: number) {
    const at = (path: string) => `${server.url}/api/upload/files/${path}?taskId=${taskId}`
    return { taskId, videoId: `v${taskId}`, uploadUrl: at('block'), blocksUrl: at('blocks/info'), stateUrl: at('state') }
  }

  /** Those that have not arrived. */
  function begun() {
    const all = tasks.map(({ fileName, size, missing, status }, i) => ({ ...told(i + 1), fileName, fileSize: size, missing, status }))
    const items = all.filter(({ missing, status }) => missing.length > 0 && status !== 'cancel')
    return { status: 200, body: { items } }
  }

  async function block(task: Task, request: Request) {
    const form = await request.formData()
    const bytes = new Uint8Array(await (form.get('file') as File).arrayBuffer())
    const start = Number(form.get('startByte'))
    const range = { start, end: start + bytes.length }
    seen.sentBytes += bytes.length
    if (task.status !== 'upload') return envelope('6', `The task is ${task.status}.`)
    if (createHash('md5').update(bytes).digest('hex') !== form.get('partMd5')) return envelope('3', 'The block is damaged.')
    const fresh = new Uint8Array(task.missing.some((gap) => gap.start < range.end && range.start < gap.end) ? 0 : bytes.length)
    if (fresh.length > 0 && !Buffer.from(task.held.subarray(range.start, range.end)).equals(bytes))
      return envelope('4', 'These bytes differ from those that are here.')
    task.held.set(bytes, start)
    task.missing = without(task.missing, range)
    if (seen.doomed > 0 && task.missing.length === 0) {
      // The disk turned a byte over: found by the digest of the whole.
      seen.doomed--
      task.held[0] = (task.held[0] ?? 0) ^ 1
    }
    return envelope('0', 'ok', { startByte: range.start, endByte: range.end })
  }

  async function state(task: Task, request: Request) {
    const body = (await request.json()) as { status: Task['status']; fileMd5?: string }
    task.status = body.status
    const isWrong = body.fileMd5 !== undefined && createHash('md5').update(task.held).digest('hex') !== body.fileMd5
    if (isWrong) task.missing = [{ start: 0, end: Math.min(task.size, 1024) }]
    return envelope('0', 'ok', 'ok')
  }

  function info(task: Task) {
    if (task.status === 'cancel')
      return envelope('2', 'The task was cancelled.', { totalSize: task.size, status: 'cancel', expectBlocks: [] })
    const expectBlocks = task.missing.map(({ start, end }) => ({ startByte: start, endByte: end }))
    return envelope('0', 'ok', { totalSize: task.size, status: task.status, expectBlocks })
  }

  async function answer(request: Request, url: URL): Promise<{ status: number; body: unknown }> {
    if (url.pathname.startsWith('/api/user/')) {
      seen.logins++
      const { password } = (await request.json()) as { password: string }
      if (password !== 'open sesame') return { status: 401, body: { code: 'session.wrong', title: 'Wrong name or password.', status: 401 } }
      return { status: 200, body: { token: 'a token' } }
    }
    if (url.pathname === '/api/uploads') {
      if (request.headers.get('authorization') !== 'Bearer a token') return { status: 401, body: { code: 'x', title: 'Sign in first.' } }
      return request.method === 'GET' ? begun() : open((await request.json()) as { fileName: string; fileSize: number })
    }
    if (url.pathname.startsWith('/api/uploads/')) return { status: 404, body: { code: 'x', title: 'Nothing is known here.' } }
    const task = tasks[Number(url.searchParams.get('taskId')) - 1]
    if (!task) return envelope('5', 'There is no such task.')
    if (url.pathname.endsWith('/block')) return await block(task, request)
    return url.pathname.endsWith('/state') ? await state(task, request) : info(task)
  }

  const server = await listen(answer)
  return {
    url: server.url,
    tasks,
    seen,
    open: (fileName: string, fileSize: number) => open({ fileName, fileSize }).body,
    [Symbol.asyncDispose]: server.close,
  }
}

async function listen(answer: (request: Request, url: URL) => Promise<{ status: number; body: unknown }>) {
  const http = createServer((incoming, outgoing) => {
    read(incoming)
      .then(async (body) => {
        const url = new URL(incoming.url ?? '/', 'http://block-server')
        const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]))
        const made = new Request(url, { method: incoming.method ?? 'GET', headers, ...(body.length > 0 ? { body } : {}) })
        const { status, body: said } = await answer(made, url)
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
      })
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const close = async () => {
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

async function read(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  return new Uint8Array(Buffer.concat(pieces))
}
