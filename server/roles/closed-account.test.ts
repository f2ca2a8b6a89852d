import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'

const name = 'vanishing-alice'
const words = 'a sentence that only she would say'

/** Where an id that is nobody's any more may stand, and why. */
const mayName: Readonly<Record<string, string>> = {
  account: 'that nobody takes the id again; everything else of the row is blank',
  comment: 'the place, without its words, of one that others replied to',
  report_case: 'that moderators have nothing to decide any more',
  session_doubt: 'for a day, so that no process lets her in',
  audit_entry: 'the book of what was done to her and by her',
  invitation: 'who made it is shown as nobody',
  setting: 'who changed it last is shown as nobody',
  notice: 'what others were told; shown as nobody',
  contribution: 'for two days, so that a view counts once',
  task: 'what has been done, by id; swept',
  outbox: 'what is still to be done, by id',
}
/** Where her name may stand. */
const mayCall = { account_name: 'that nobody takes it for a month', audit_entry: 'with the names of that day' }

function scan(folder: string, text: string): string[] {
  const db = new DatabaseSync(joinPath(folder, 'matinee.db'), { readOnly: true })
  try {
    const tables = db
      .prepare(`select name from sqlite_schema where type = 'table'`)
      .all()
      .map(({ name }) => String(name))
    return tables.filter((table) =>
      db
        .prepare(`select * from "${table}"`)
        .all()
        .some((row) => Object.values(row).some((value) => asText(value).includes(text))),
    )
  } finally {
    db.close()
  }
}

const asText = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value))

async function filesOf({ features, folder }: TestMatinee, ids: readonly string[]): Promise<string[]> {
  const blobs = (
    await Promise.all(['sources/', 'pictures/', 'avatars/', 'cells/', 'texts/'].map((place) => features.blobs.list(place)))
  ).flatMap(({ items }) => items.map(({ name }) => name))
  const aside = await readdir(joinPath(folder, 'uploads'), { recursive: true }).catch(() => [])
  return [...blobs.filter((blob) => ids.some((id) => blob.includes(id))), ...aside.filter((path) => /\d{6}/.test(path))]
}

async function must(answer: ReturnType<Visitor['call']>): Promise<unknown> {
  const { status, text, json } = await answer
  expect(status, text).toBeLessThan(300)
  return json
}

const idOf = (json: unknown) => (json as { id: string }).id

async function film(matinee: TestMatinee, of: Visitor): Promise<string> {
  const id = idOf(await must(of.call('POST', `/user/${of.username}/videos`, { title: 'A film', visibility: 'public', tags: ['night'] })))
  const blob = `sources/${id}/1`
  await matinee.features.blobs.write(blob, one(Buffer.from('bytes')))
  await matinee.features.videos.sourceArrived({
    videoId: id,
    blob,
    size: 5,
    type: 'video/mp4',
    sha256: 'a'.repeat(64),
    fileName: `${of.username === name ? words : 'film'}.mp4`,
  })
  await matinee.features.videos.grew({ videoId: id, generation: 1, state: 'ready' })
  return id
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

/** Some of every kind of trace that a person leaves. */
async function live(matinee: TestMatinee, her: Visitor, bob: Visitor): Promise<string> {
  const [own, his] = [await film(matinee, her), await film(matinee, bob)]
  const under = await must(her.call('POST', `/videos/${his}/comments`, { text: words }))
  await must(bob.call('POST', `/videos/${his}/comments`, { text: 'yes', replyTo: idOf(under) }))
  await must(bob.call('POST', `/videos/${own}/comments`, { text: `look, @${name}` }))
  await must(her.call('POST', `/api/videos/${his}/danmaku`, { atMs: 1, text: words, mode: 'scroll', color: '#ffffff', size: 'normal' }))
  for (const what of ['like', 'favourite']) await must(her.call('PUT', `/api/videos/${his}/${what}`))
  await must(her.call('PUT', `/api/watch-later/${his}`))
  await must(her.call('PUT', `/api/videos/${his}/progress`, { atMs: 2000, durationMs: 9000 }))
  await must(her.call('POST', `/api/videos/${his}/views`, { watchedMs: 3000 }))
  const list = idOf(await must(her.call('POST', '/api/playlists', { title: words })))
  await must(her.call('PUT', `/api/playlists/${list}/items/${his}`))
  await must(her.call('PUT', '/api/user/bob/follow'))
  await must(bob.call('PUT', `/api/user/${name}/follow`))
  await must(her.call('PUT', '/api/user/carl/block'))
  await must(her.call('POST', `/api/videos/${his}/report`, { reason: 'spam' }))
  await must(bob.call('POST', `/api/user/${name}/report`, { reason: 'spam' }))
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await must(her.call('PUT', '/api/me/avatar', picture, { 'content-type': 'image/png' }))
  await must(her.call('PATCH', '/api/me', { bio: words }))
  await must(her.call('POST', '/api/me/second-factor', { password: goodPassword }))
  await must(her.call('POST', '/api/socket-tickets'))
  const bytes = Buffer.alloc(300_000, 7)
  const file = { fileName: `${words}.mp4`, fileSize: 1_000_000 }
  const opened = (await must(her.call('POST', '/api/uploads', file, { host: new URL(await matinee.url()).host }))) as Record<string, string>
  const form = new FormData()
  form.set('startByte', '0')
  form.set('endByte', String(bytes.length))
  form.set('partMd5', createHash('md5').update(bytes).digest('hex'))
  form.set('file', new Blob([bytes]), 'block')
  const sent = await fetch(opened.uploadUrl ?? '', { method: 'POST', body: form })
  expect(await sent.json()).toMatchObject({ retCode: '0' })
  return own
}

test('of a closed account nothing is left, in no table and among no files, but what keeps its name and the book of deeds whole', async () => {
  await using matinee = await startMatinee('embedded', { without: ['worker'] })
  await joinAsOwner(matinee)
  const [her, bob] = [await join(matinee, name), await join(matinee, 'bob')]
  await join(matinee, 'carl')
  const own = await live(matinee, her, bob)
  // Her log has entries once what others did has been told.
  const traces = ['block', 'comment', 'danmaku', 'event', 'event_head', 'follow', 'playlist', 'report', 'session', 'upload_task', 'video']
  await expect.poll(() => scan(matinee.folder, her.id), { timeout: 60_000, interval: 100 }).toEqual(expect.arrayContaining(traces))
  expect(scan(matinee.folder, words)).toEqual(expect.arrayContaining(['account', 'comment', 'danmaku', 'playlist', 'upload_task', 'video']))
  expect((await filesOf(matinee, [her.id, own])).length).toBeGreaterThan(3)

  expect((await her.call('DELETE', `/user/${name}`)).status).toBe(204)
  const left = { timeout: 60_000, interval: 200 }
  await expect.poll(() => scan(matinee.folder, her.id).filter((table) => !(table in mayName)), left).toEqual([])
  await expect.poll(() => scan(matinee.folder, own).filter((table) => !(table in mayName)), left).toEqual([])
  await expect.poll(() => scan(matinee.folder, words), left).toEqual([])
  expect(scan(matinee.folder, name).filter((table) => !(table in mayCall))).toEqual([])
  await expect.poll(() => filesOf(matinee, [her.id, own]), left).toEqual([])
  // Who was there before goes on, without her.
  const { json } = await bob.call('GET', '/api/notices')
  expect(JSON.stringify(json)).not.toContain(name)
}, 480_000)
