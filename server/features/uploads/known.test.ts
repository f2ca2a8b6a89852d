import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { infoOf, md5, sendBlock, twins, type Urls } from '#server/testing/uploads-house.ts'

type Opened = Urls & { videoId: string }
type Asked = { state: string; challenge: string; ranges: { startByte: number; endByte: number }[] }
const within = { timeout: 60_000, interval: 20 }
const sha256 = (...parts: (string | Uint8Array)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

describe('A film that is here already', () => {
  let house: TestMatinee
  let people: { lumiere: string; melies: string }
  const film = randomBytes(1_300_000)

  beforeAll(async () => {
    house = await startMatinee('embedded', { without: ['worker'] })
    await house.url()
    const register = async (username: string) => {
      const answer = await house.inject({ method: 'POST', path: '/api/user', body: { username, password: 'a long enough word 42' } })
      return (answer.json as { token: string }).token
    }
    people = { lumiere: await register('lumiere'), melies: await register('melies') }
  })
  afterAll(() => house?.[Symbol.asyncDispose]())

  const post = async (path: string, token: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${await house.url()}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as unknown }
  }
  const open = async (token: string, bytes: Uint8Array, more: object = {}) =>
    (await post('/uploads', token, { fileName: 'film.mp4', fileSize: bytes.length, ...more })).body as Opened
  const ask = async (token: string, { taskId }: Urls, claim: object) => (await post(`/uploads/${taskId}/known`, token, claim)).body as Asked
  const proofOf = ({ challenge, ranges }: Asked, bytes: Uint8Array) => ({
    challenge,
    sha256: sha256(challenge, ...ranges.map(({ startByte, endByte }) => bytes.subarray(startByte, endByte))),
  })
  const prove = async (token: string, { taskId }: Urls, proof: object) => (await post(`/uploads/${taskId}/proof`, token, proof)).body
  const arrived = async ({ videoId, taskId }: Opened) => {
    const blob = `sources/${videoId}/${taskId}`
    await expect.poll(() => house.features.blobs.find(blob), within).toBeDefined()
    const stored: Uint8Array[] = []
    for await (const chunk of house.features.blobs.read(blob)) stored.push(chunk)
    return Buffer.concat(stored)
  }
  const upload = async (token: string, bytes: Uint8Array) => {
    const task = await open(token, bytes, { fileMd5: md5(bytes) })
    expect(await sendBlock(task, bytes, 0, bytes.length)).toMatchObject({ retCode: '0' })
    expect((await arrived(task)).equals(bytes)).toBe(true)
  }

  test('[U12] needs no byte from whoever proves to have it: one’s own by its MD5, another’s by its SHA-256', async () => {
    await upload(people.lumiere, film)
    const again = await open(people.lumiere, film)
    const asked = await ask(people.lumiere, again, { fileMd5: md5(film).toUpperCase() })
    expect(asked.ranges.length).toBeGreaterThanOrEqual(8)
    // Asked again, other places are wanted.
    expect((await ask(people.lumiere, again, { fileMd5: md5(film) })).ranges).not.toEqual(asked.ranges)
    expect(await prove(people.lumiere, again, proofOf(asked, film))).toEqual({ state: 'done' })
    expect((await infoOf(again)).expectBlocks).toEqual([])
    expect((await arrived(again)).equals(film)).toBe(true)
    const other = await open(people.melies, film)
    // Some has been sent already.
    await sendBlock(other, film, 0, 1000)
    const claim = await ask(people.melies, other, { fileSha256: sha256(film) })
    expect(await prove(people.melies, other, proofOf(claim, film))).toEqual({ state: 'done' })
    expect((await arrived(other)).equals(film)).toBe(true)
    expect(await prove(people.melies, other, proofOf(claim, film))).toEqual({ state: 'refused' })
  })

  test('[T26] [U12] is for nobody who has but its digests, and nobody learns that it is here', async () => {
    await upload(people.lumiere, film)
    const task = await open(people.melies, film)
    const unknown = randomBytes(film.length)
    for (const claim of [
      { fileSha256: sha256(film) },
      { fileSha256: sha256(unknown) },
      { fileMd5: md5(film) },
      { fileMd5: md5(unknown) },
      {},
    ]) {
      const asked = await ask(people.melies, task, claim)
      expect([asked.state, asked.ranges.length]).toEqual(['prove', 16])
      expect(await prove(people.melies, task, proofOf(asked, unknown))).toEqual({ state: 'refused' })
      // Even with all bytes an MD5 leads to no film of somebody else.
      if ('fileMd5' in claim) expect(await prove(people.melies, task, proofOf(asked, film))).toEqual({ state: 'refused' })
    }
    const asked = await ask(people.melies, task, { fileSha256: sha256(film) })
    const elsewhere = await open(people.melies, film)
    for (const challenge of [asked.challenge, `x${asked.challenge}`, asked.challenge.replace(/[.].*/, '.'), 'x'])
      expect(await post(`/uploads/${elsewhere.taskId}/proof`, people.melies, { challenge, sha256: sha256('x') })).toMatchObject({
        status: 400,
      })
    for (const [path, body] of [
      ['known', { fileMd5: md5(film) }],
      ['proof', proofOf(asked, film)],
    ] as const)
      expect((await post(`/uploads/${task.taskId}/${path}`, people.lumiere, body)).status).toBe(404)
    expect((await infoOf(task)).expectBlocks).toEqual([{ startByte: 0, endByte: film.length }])
  })

  test('[T26] is not taken for its twin of the same MD5: both are here then', async () => {
    const [one, two] = twins
    await upload(people.lumiere, one)
    const task = await open(people.lumiere, two)
    expect(await prove(people.lumiere, task, proofOf(await ask(people.lumiere, task, { fileMd5: md5(one) }), two))).toEqual({
      state: 'refused',
    })
    await upload(people.lumiere, two)
  })
})
