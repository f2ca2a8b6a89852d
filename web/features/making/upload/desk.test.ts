import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import { fingerprintOf, fromFile, plainHashes } from '#uploader/index.ts'
import { createApi } from '#web/lib/api.ts'
import { newFields } from '../fields/film-fields.ts'
import { Desk } from './desk.ts'
import { openNotes } from './notes.ts'

const file = new File([new Uint8Array(randomBytes(1024 * 1024))], '雨天.mp4', { type: 'video/mp4' })

let house: TestMatinee
let owner: Visitor
beforeAll(async () => {
  house = await startMatinee('embedded')
  owner = await joinAsOwner(house)
})
afterAll(() => house[Symbol.asyncDispose]())

/** A page of the upload, on a line that the test breaks: `fate` says what becomes of a request. */
async function openPage(notes: Awaited<ReturnType<typeof openNotes>>, fate: (what: string) => 'fair' | 'lost' | 'unanswered') {
  const origin = await house.url()
  const request: typeof fetch = async (address, init) => {
    const at = new URL(address instanceof Request ? address.url : address, origin)
    const what = `${init?.method ?? 'GET'} ${at.pathname}`
    const is = fate(what)
    if (is === 'lost') throw new TypeError('fetch failed')
    const headers = new Headers(init?.headers)
    if (!at.pathname.startsWith('/api/upload/')) headers.set('authorization', `Bearer ${owner.token}`)
    const answer = await fetch(at, { ...init, headers })
    if (is === 'unanswered') throw new TypeError('fetch failed')
    return answer
  }
  const api = createApi({ fetch: request, language: () => 'en', renewSession: () => Promise.resolve(false) })
  const person = { id: owner.id, username: owner.username }
  return await new Desk({ api, person, notes, hashes: plainHashes, request, lookInto: () => Promise.resolve(undefined) }).open()
}

const drafts = async () => {
  const answer = await owner.call('GET', `/api/user/${owner.username}/videos`)
  return (answer.json as { items: { title: string }[] }).items.map(({ title }) => title)
}
const unfinished = async () => ((await owner.call('GET', '/api/uploads')).json as { items: object[] }).items

test('a film that is given up on a broken line is gone from the house when the line is back, with its bytes', async () => {
  const notes = await openNotes()
  const lost: string[] = []
  let isBroken = false
  const desk = await openPage(notes, (what) => {
    if (what.endsWith('/block')) return 'lost'
    // Obeyed the first time, and not known to be.
    if (what.startsWith('DELETE') && lost.push(what) <= 3) return lost.length === 1 ? 'unanswered' : 'lost'
    if (isBroken && what.endsWith('/state') && lost.push(what) <= 3) return 'lost'
    return 'fair'
  })
  await desk.add([{ file, path: file.name }])
  const [film] = desk.films
  await expect.poll(() => film?.note.task).toBeDefined()
  isBroken = true
  expect(await drafts()).toEqual(['雨天'])
  await film?.leave()
  if (film) await desk.end(film)
  expect(lost.length).toBeGreaterThan(3)
  expect([await drafts(), await unfinished(), await notes.listOf(owner.id), desk.films]).toEqual([[], [], [], []])
})

test('given up in a page that was closed before the house had heard, it is gone once another page is opened', async () => {
  const notes = await openNotes()
  let isBroken = false
  const desk = await openPage(notes, (what) => (isBroken || what.includes('/upload/files/block') ? 'lost' : 'fair'))
  await desk.add([{ file, path: file.name }])
  await expect.poll(drafts).toEqual(['雨天'])
  isBroken = true
  const [film] = desk.films
  await film?.leave()
  const [left] = await notes.listOf(owner.id)
  expect(left).toMatchObject({ isLeaving: true })
  desk.close()
  const next = await openPage(notes, () => 'fair')
  await expect.poll(drafts).toEqual([])
  await expect.poll(() => notes.listOf(owner.id)).toEqual([])
  await expect.poll(() => next.films).toEqual([])
  expect(await unfinished()).toEqual([])
})

test('given up while the answer to its opening was lost, the draft that nobody knows of goes as well', async () => {
  const notes = await openNotes()
  const key = '0123456789abcdef'
  const { password: _, ...fields } = newFields(file.name)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${owner.token}`, 'idempotency-key': key }
  const body = JSON.stringify({ fileName: file.name, fileSize: file.size })
  const answer = await fetch(`${await house.url()}/api/uploads`, { method: 'POST', headers, body })
  expect([answer.status, await drafts()]).toEqual([201, ['雨天']])
  await notes.keep({
    ...{ id: 'film', accountId: owner.id, fileName: file.name, size: file.size, fingerprint: await fingerprintOf(fromFile(file)) },
    ...{ addedMs: 0, place: 1, fields, unsaved: [], hasPassword: false, isInto: false, heldBytes: 0, isPaused: false, isSent: false },
    ...{ isLeaving: true, openingKey: key },
  })
  await openPage(notes, () => 'fair')
  await expect.poll(drafts).toEqual([])
  await expect.poll(() => notes.listOf(owner.id)).toEqual([])
})

test('a film that was begun on another device stands here as well, and goes on with the same file and no other', async () => {
  const other = new File([new Uint8Array(randomBytes(file.size))], file.name, { type: file.type })
  let blocks = 0
  const elsewhere = await openPage(await openNotes(), (what) => (what.endsWith('/block') && ++blocks > 8 ? 'lost' : 'fair'))
  await elsewhere.add([{ file, path: file.name }])
  const [begun] = elsewhere.films
  await expect.poll(() => blocks).toBeGreaterThan(8)
  await begun?.pause()
  elsewhere.close()

  const desk = await openPage(await openNotes(), () => 'fair')
  await expect.poll(() => desk.films.map(({ view }) => view.stage)).toEqual([{ at: 'fileless', why: 'elsewhere' }])
  const [film] = desk.films
  // What was in flight has arrived as well.
  expect(film?.view.heldBytes).toBeGreaterThanOrEqual(begun?.view.heldBytes ?? 1)
  expect(film?.view).toMatchObject({ fields: { title: '雨天' }, videoId: begun?.view.videoId })
  if (film) expect(await desk.giveFile(film, { file: other })).toBe(false)
  await expect.poll(() => film?.view.stage).toEqual({ at: 'fileless', why: 'other' })
  expect(await desk.add([{ file, path: file.name }])).toEqual([{ name: file.name, became: 'found again' }])
  await expect.poll(() => film?.view.stage.at).toBe('sent')
  expect([desk.films.length, await drafts()]).toEqual([1, ['雨天']])
})

test('what was begun here and has arrived from another device is done here too', async () => {
  const notes = await openNotes()
  const small = new File([new Uint8Array(randomBytes(300_000))], 'small.mp4')
  const first = await openPage(notes, (what) => (what.endsWith('/block') ? 'lost' : 'fair'))
  await first.add([{ file: small, path: small.name }])
  await expect.poll(() => first.films[0]?.note.task).toBeDefined()
  await first.films[0]?.pause()
  first.close()
  const other = await openPage(await openNotes(), () => 'fair')
  await expect.poll(() => other.films.length).toBe(1)
  await other.add([{ file: small, path: small.name }])
  await expect.poll(() => other.films.map(({ view }) => view.stage.at)).toEqual(['sent'])
  other.close()
  const again = await openPage(notes, () => 'fair')
  await expect.poll(() => again.films.map(({ view }) => view.stage.at), { timeout: 60_000 }).toEqual(['sent'])
  again.close()
})

test('a cover that the house does not take is said, and the picture from before stands again', async () => {
  const desk = await openPage(await openNotes(), (what) => (what.endsWith('/block') ? 'lost' : 'fair'))
  await desk.add([{ file: new File([new Uint8Array(randomBytes(200_000))], 'cover.mp4'), path: 'cover.mp4' }])
  const [film] = desk.films
  const before = new Blob(['seen'])
  film?.knows({ facts: { durationMs: 1000, width: 16, height: 9 }, still: before })
  film?.cover(new Blob(['no picture at all'], { type: 'image/png' }))
  await expect.poll(() => film?.view.coverFailure?.facts).toMatchObject({ kind: 'refused', text: expect.stringMatching(/\w/) })
  expect([film?.view.still, film?.note.cover]).toEqual([before, undefined])
  // The next one makes good.
  film?.cover(new Blob(['another'], { type: 'image/png' }))
  expect(film?.view.coverFailure).toBeUndefined()
  desk.close()
})
