import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Viewer } from '#server/lib/viewer.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { goodPassword, joinAsOwner } from '#server/testing/visitors.ts'
import { atMatinee, fromFile, Upload } from '#uploader/index.ts'
import { nodeHashes } from '#uploader/node.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const film = new Uint8Array(randomBytes(8 * 1024 * 1024 + 13))
const digest = createHash('sha256').update(film).digest('hex')

/** The program as people start it, in a process of its own. */
function startUpload({ path, to, user, state }: { path: string; to: string; user: string; state: string }) {
  const words = ['upload', path, '--to', to, '--user', user, '--password', goodPassword, '--json']
  const env = { ...process.env, XDG_STATE_HOME: state }
  const child = spawn(process.execPath, [main, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return {
    kill: () => child.kill('SIGKILL'),
    said: said.then(([out, err]) => ({ out, err, status: child.exitCode, signal: child.signalCode })),
  }
}

/** The line to a Matinee, which stands still once so many bytes have passed. */
async function openLine(matinee: TestMatinee) {
  let passed = 0
  let mostBytes = Number.POSITIVE_INFINITY
  let full = Promise.withResolvers<void>()
  const proxy = await openProxy(
    { port: Number(new URL(await matinee.url()).port) },
    {
      fateOf(piece) {
        passed += piece.length
        if (passed > mostBytes) {
          proxy.blackHole()
          full.resolve()
        }
        return 'pass'
      },
    },
  )
  return {
    url: `http://127.0.0.1:${proxy.port}`,
    /** Resolves when no more passes. */
    stopAt(bytes: number) {
      mostBytes = bytes
      full = Promise.withResolvers()
      return full.promise
    },
    open() {
      mostBytes = Number.POSITIVE_INFINITY
      proxy.drop()
      proxy.restore()
    },
    get passed() {
      return passed
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

test('matinee upload, killed in the middle, goes on where it was, also from another machine, and the film has arrived whole', async () => {
  await using matinee = await startMatinee('embedded')
  const owner = await joinAsOwner(matinee)
  await using line = await openLine(matinee)
  const folder = await mkdtemp(join(tmpdir(), 'matinee-upload-real-'))
  try {
    const path = join(folder, '雨天.mp4')
    await writeFile(path, film)
    const asked = { path, to: line.url, user: owner.username, state: join(folder, 'state') }
    for (const share of [0.3, 0.6]) {
      const full = line.stopAt(film.length * share)
      const killed = startUpload(asked)
      await full
      killed.kill()
      expect(await killed.said).toMatchObject({ signal: 'SIGKILL', out: '' })
      line.open()
    }
    const second = await startUpload({ ...asked, state: join(folder, 'state of another machine') }).said
    expect({ ...second, err: '' }).toMatchObject({ status: 0, signal: null })
    const told = JSON.parse(second.out) as { vid: string; taskId: number; state: string }
    expect(told).toMatchObject({ vid: expect.any(String), taskId: expect.any(Number), state: 'done', size: film.length, file: path })
    const list = (await owner.call('GET', `/api/user/${owner.username}/videos`)).json as { items: { id: string }[] }
    expect(list.items.map(({ id }) => id)).toEqual([told.vid])
    const viewer: Viewer = {
      ...{ kind: 'person', accountId: owner.id, username: owner.username, role: 'owner', sessionId: 'none', via: 'bearer' },
      ...{ language: 'en', timeZone: 'UTC', address: '127.0.0.1' },
    }
    await expect.poll(async () => (await matinee.features.videos.see(viewer, told.vid)).source_sha256, { timeout: 60_000 }).toBe(digest)
    // What the kills cost: the blocks in flight, and the heads of requests.
    expect(line.passed).toBeLessThan(film.length * 1.5)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 300_000)

test('an upload whose session has ended asks for another one, once, and begins', async () => {
  await using matinee = await startMatinee('embedded')
  const owner = await joinAsOwner(matinee)
  const tokens = ['none that anybody knows', owner.token]
  const asked: string[] = []
  const parts = atMatinee({
    origin: await matinee.url(),
    token: () => Promise.resolve(tokens[0] ?? ''),
    renew: () => {
      asked.push(tokens.shift() ?? '')
      return Promise.resolve(true)
    },
  })
  const small = film.slice(0, 100_000)
  const upload = new Upload(fromFile(new File([small], 'small.mp4')), { ...parts, hashes: nodeHashes })
  await upload.start()
  expect(upload.state).toEqual({ state: 'done' })
  expect(asked).toEqual(['none that anybody knows'])
  const arrived = async () => {
    const { items } = (await owner.call('GET', `/api/user/${owner.username}/videos`)).json as { items: { state: string }[] }
    return items.map(({ state }) => state)
  }
  await expect.poll(arrived).not.toEqual(['uploading'])
  // Where there is no other session, the words of the house are the reason.
  const hopeless = new Upload(fromFile(new File([small], 'small.mp4')), {
    ...atMatinee({ origin: await matinee.url(), token: () => Promise.resolve('nonsense'), renew: () => Promise.resolve(false) }),
  })
  await hopeless.start()
  expect(hopeless.state).toMatchObject({ state: 'failed', reason: { kind: 'refused', message: expect.stringMatching(/\w/) } })
}, 300_000)

test('[U12] a film that one has sent already is proved to be here, and the rest of it stays at home', async () => {
  await using matinee = await startMatinee('embedded', { without: ['worker'] })
  const owner = await joinAsOwner(matinee)
  const origin = await matinee.url()
  const proved: string[] = []
  let sentBytes = 0
  /** Blocks wait until it is known whether they are wanted. */
  const send = async (isAsking: boolean) => {
    const answered = Promise.withResolvers<void>()
    const request: typeof fetch = async (address, init) => {
      const { pathname } = new URL(address instanceof Request ? address.url : address)
      const blockBytes = init?.body instanceof Uint8Array ? init.body.length : 0
      if (isAsking && blockBytes > 0) await answered.promise
      sentBytes += blockBytes
      const answer = await fetch(address, init)
      if (!pathname.endsWith('/proof')) return answer
      proved.push(((await answer.clone().json()) as { state: string }).state)
      answered.resolve()
      return answer
    }
    const parts = { ...atMatinee({ origin, token: () => Promise.resolve(owner.token), request }), hashes: nodeHashes, request }
    const upload = new Upload(fromFile(new File([film], 'film.mp4')), parts)
    await upload.start()
    expect(upload.state).toEqual({ state: 'done' })
    const { videoId } = upload.opened?.extra ?? {}
    const blob = `sources/${String(videoId)}/${upload.opened?.task.taskId}`
    await expect.poll(() => matinee.features.blobs.find(blob), { timeout: 60_000 }).toMatchObject({ size: film.length })
    const stored = createHash('sha256')
    for await (const piece of matinee.features.blobs.read(blob)) stored.update(piece)
    expect(stored.digest('hex')).toBe(digest)
  }
  await send(false)
  expect(sentBytes).toBeGreaterThanOrEqual(film.length)
  proved.length = 0
  sentBytes = 0
  await send(true)
  expect(proved).toEqual(['done'])
  // What was in flight when it was known.
  expect(sentBytes).toBeLessThan(film.length / 2)
}, 300_000)
