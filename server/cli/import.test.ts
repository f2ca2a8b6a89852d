import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { settingsForHouse } from '#server/testing/distributed-ground.ts'
import { makeFilm } from '#server/testing/films.ts'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { joinAsOwner } from '#server/testing/visitors.ts'
import { openMemory } from './import/memory.ts'
import { readNfo } from './import/nfo.ts'
import { titleOf } from './import/title.ts'
import { importFolder } from './import.ts'
import { UsageError } from './verb.ts'

let collection: string
const film = (name: string) => join(collection, name)
beforeAll(async () => {
  collection = await mkdtemp(join(tmpdir(), 'matinee-collection-'))
  await mkdir(film('Series/.hidden'), { recursive: true })
  const output = ['-c:v', 'libx264', '-preset', 'ultrafast']
  const small = { frames: 10, rate: '10', width: 160, height: 90, sound: 'none', output } as const
  await makeFilm({ ...small, path: film('The.Third.Man.1949.1080p.BluRay.x264-GRP.mp4') })
  await makeFilm({ ...small, frames: 12, path: film('Series/show s01e02.mkv') })
  await makeFilm({ ...small, frames: 14, path: film('Series/.hidden/no.mp4') })
  await writeFile(film('Series/a copy.mp4'), await readFile(film('The.Third.Man.1949.1080p.BluRay.x264-GRP.mp4')))
  await writeFile(
    film('Series/show s01e02.nfo'),
    '<episodedetails><title>A &amp; B</title><showtitle>Show</showtitle><season>1</season><episode>2</episode><plot>What happens.</plot></episodedetails>',
  )
  await writeFile(film('Series/show s01e02.zh.srt'), '1\n00:00:00,000 --> 00:00:01,000\n你好\n')
  await writeFile(film('notes.txt'), 'no film')
  const square = { create: { width: 80, height: 45, channels: 3 as const, background: '#c03' } }
  await sharp(square).png().toFile(film('Series/show s01e02-poster.png'))
  await writeFile(film('The.Third.Man.1949.1080p.BluRay.x264-GRP.jpg'), 'no picture')
})
afterAll(() => rm(collection, { recursive: true }))

async function openHouse(ground: 'embedded' | 'distributed') {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-import-'))
  const set = ground === 'distributed' ? await settingsForHouse() : {}
  const matinee = await startMatinee('embedded', { folder, set, without: ['worker'] })
  const owner = await joinAsOwner(matinee)
  const flags = ['--data', folder, ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`])]
  const stop = new AbortController()
  return {
    matinee,
    owner,
    stop,
    async take(...words: string[]) {
      const said = { out: '', err: '' }
      const terminal = {
        out: (text: string) => void (said.out += text),
        err: (text: string) => void (said.err += text),
        signal: stop.signal,
        environment: {},
        isInteractive: false,
      }
      const status = await importFolder.run([collection, '--user', owner.username, '--json', ...words, ...flags], terminal)
      const films = said.out
        .split('\n')
        .flatMap((line) =>
          line === '' ? [] : [JSON.parse(line) as { path: string; title: string; state: string; videoId: string; why?: string }],
        )
      return { status, films, states: films.map(({ state }) => state), err: said.err }
    },
    async [Symbol.asyncDispose]() {
      await matinee[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

describe.each(grounds.list)('matinee import, %s', (ground) => {
  test('takes a collection in once, with titles, and what lies there stays as it is', { timeout: 300_000 }, async () => {
    await using house = await openHouse(ground)
    expect((await house.take('--dry-run')).states).toEqual(['would be taken', 'would be taken', 'would be taken'])
    const { status, films, err } = await house.take()
    expect(err).toContain('The.Third.Man.1949.1080p.BluRay.x264-GRP.jpg: ')
    expect({ status, films: films.map(({ path, title, state }) => [path.slice(collection.length + 1), title, state]) }).toEqual({
      status: 0,
      films: [
        ['The.Third.Man.1949.1080p.BluRay.x264-GRP.mp4', 'The Third Man (1949)', 'taken'],
        // The same bytes under another name.
        ['Series/a copy.mp4', 'a copy', 'known'],
        ['Series/show s01e02.mkv', 'Show S01E02 A & B', 'taken'],
      ],
    })
    expect(films[1]?.videoId).toBe(films[0]?.videoId)
    const { blobs } = house.matinee.features
    for (const { path, videoId } of [films[0], films[2]].flatMap((one) => one ?? [])) {
      const row = (await house.owner.call('GET', `/user/${house.owner.username}/videos/${videoId}`)).json
      expect(row).toMatchObject({ visibility: 'private', state: 'processing' })
      expect((await buffer(blobs.read(`sources/${videoId}/1`))).equals(await readFile(path))).toBe(true)
    }
    const texts = await house.matinee.features.transcoding.besides.texts({ videoId: films[2]?.videoId ?? '', generation: 0 })
    expect(texts.map(({ language, label }) => [language, label])).toEqual([['zh', 'show s01e02.zh.srt']])
    const shown = (await house.owner.call('GET', `/api/videos/${films[2]?.videoId}`)).json as { poster: { revision: number } | null }
    expect(shown.poster?.revision).toBeGreaterThan(0)
    const { status: isShown, bytes } = await house.owner.call('GET', `/stream/${films[2]?.videoId}/poster.jpg?w=320`)
    const { dominant } = await sharp(bytes).stats()
    expect([isShown, dominant.r > 150, dominant.g < 60]).toEqual([200, true, true])
    expect((await house.take()).states).toEqual(['known', 'known', 'known'])

    // Changed, it is another film; thrown away, it may come again.
    await writeFile(film('Series/a copy.mp4'), await readFile(film('Series/show s01e02.mkv')))
    expect((await house.take()).states).toEqual(['known', 'known', 'known'])
    await house.owner.call('DELETE', `/user/${house.owner.username}/videos/${films[0]?.videoId}`)
    expect((await house.take()).states).toEqual(['taken', 'known', 'known'])
    await writeFile(film('Series/a copy.mp4'), await readFile(film('The.Third.Man.1949.1080p.BluRay.x264-GRP.mp4')))

    if (ground === 'distributed') await expect(house.take('--in-place')).rejects.toThrow(UsageError)
  })
})

describe('matinee import', () => {
  test('goes on where it was broken off, with the same film', { timeout: 300_000 }, async () => {
    await using house = await openHouse('embedded')
    const { blobs, videos } = house.matinee.features
    // As a crash between the draft and its bytes leaves it.
    const dataDir = house.matinee.folder
    const path = film('The.Third.Man.1949.1080p.BluRay.x264-GRP.mp4')
    const { size, mtimeMs } = await stat(path)
    const videoId = await videos.createDraft(house.owner.id, { title: 'The Third Man (1949)' })
    const { sha256 } = await blobs.write('begun', createReadStream(path))
    await using memory = await openMemory(dataDir, house.owner.id)
    await memory.keep({ path, size, modifiedMs: Math.floor(mtimeMs), sha256, videoId, isDone: false })
    const { films } = await house.take()
    expect([films[0]?.state, films[0]?.videoId]).toEqual(['taken', videoId])
    expect((await house.take()).states).toEqual(['known', 'known', 'known'])
    house.stop.abort()
    expect(await house.take()).toMatchObject({ status: 130, films: [] })
  })

  test('holds a film in place: no byte is copied, and throwing it away leaves the file', { timeout: 300_000 }, async () => {
    await using house = await openHouse('embedded')
    const { films, states } = await house.take('--in-place')
    expect(states).toEqual(['taken', 'known', 'taken'])
    const [first] = films
    const original = await stat(first?.path ?? '')
    const held = await stat(house.matinee.features.blobs.local?.pathOf(`sources/${first?.videoId}/1`) ?? '')
    expect(held.ino).toBe(original.ino)
    await house.matinee.features.blobs.delete([`sources/${first?.videoId}/1`])
    expect((await stat(first?.path ?? '')).size).toBe(original.size)
  })

  test.each([
    ['The.Third.Man.1949.1080p.BluRay.x264-GRP.mkv', 'The Third Man (1949)'],
    ['Blade.Runner.2049.2017.2160p.UHD.mkv', 'Blade Runner 2049 (2017)'],
    ['show.name.s02e11.the.end.720p.WEB-DL.mkv', 'show name S02E11 the end'],
    ['[Group] 千と千尋の神隠し (2001) [1080p].mkv', '千と千尋の神隠し (2001)'],
    ['2001 A Space Odyssey (1968).mp4', '2001 A Space Odyssey (1968)'],
    ['1917.mp4', '1917'],
    ['holiday_at_sea.mov', 'holiday at sea'],
    ['[1080p].mp4', '[1080p]'],
    ['Mr. Smith goes home.mp4', 'Mr. Smith goes home'],
  ])('%s is called %s', (name, title) => expect(titleOf(name)).toBe(title))

  test('words beside a film are read as words', () => {
    expect(readNfo('<movie><title>A &lt;b&gt; &#38; C</title><year>1999</year><plot><![CDATA[One <i>two</i>.]]></plot></movie>')).toEqual({
      title: 'A <b> & C (1999)',
      description: 'One two.',
    })
    expect(readNfo('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><movie><title>&e;</title></movie>')).toEqual({ title: '&e;' })
    expect(readNfo('https://example.org/title/1')).toEqual({})
  })
})
