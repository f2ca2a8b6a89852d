import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { ffmpeg, makeFilm } from '#server/testing/films.ts'
import { grounds } from '#server/testing/grounds.ts'
import { callAs, codeOf, join as joinAs } from '#server/testing/visitors.ts'
import type { TextList } from '#shared/api/films.ts'
import type { SearchAnswer } from '#shared/api/search.ts'
import type { Video } from '#shared/api/videos.ts'

const subtitles = '1\n00:00:01,000 --> 00:00:02,000\n一起看 <script>alert(1)</script>\n'
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']

/** With texts and chapters inside. */
async function filmWithTexts(folder: string): Promise<string> {
  const path = await makeFilm({ path: join(folder, 'bare.mp4'), frames: 125, rate: '25', output })
  const [texts, chapters] = [join(folder, 'a.srt'), join(folder, 'chapters.txt')]
  await Promise.all([
    writeFile(texts, '1\n00:00:00,500 --> 00:00:01,500\ninside\n'),
    writeFile(
      chapters,
      ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=5000\ntitle=Two\n',
    ),
  ])
  const whole = join(folder, 'whole.mkv')
  const inputs = [path, texts, chapters].flatMap((one) => ['-i', one])
  await ffmpeg([
    '-v',
    'error',
    '-y',
    ...inputs,
    '-map',
    '0',
    '-map',
    '1',
    '-map_chapters',
    '2',
    '-c',
    'copy',
    '-metadata:s:s:0',
    'language=fre',
    whole,
  ])
  return whole
}

type Stage = Awaited<ReturnType<typeof openFilmStage>>

/** By hand, and not replaced by chance afterwards. */
async function choosePoster({ visitor, transcoding, signal }: Stage, key: { videoId: string; generation: number }) {
  const { call } = visitor
  const { besideWork } = transcoding
  expect((await call('PUT', `/api/videos/${key.videoId}/poster`, { atMs: 4000 })).status).toBe(202)
  await besideWork.makePoster({ ...key, atMs: 4000, signal: signal })
  await besideWork.makePoster({ ...key, signal: signal })
  expect((await transcoding.besides.pictures(key)).poster?.atMs).toBe(4000)
  expect(((await call('GET', `/api/videos/${key.videoId}`)).json as Video).poster?.revision).toBe(2)
  expect(codeOf(await call('PUT', `/api/videos/${key.videoId}/poster`, { atMs: 5_000_000 }))).toBe('http.wrong_fields')
}

/** Other words under the same name; of those inside the film a copy beside it. */
async function correctText(stage: Stage, { videoId }: { videoId: string }, [beside = '', inside = '']: readonly string[]) {
  await findWhatIsSaid(stage, { videoId })
  const { call } = stage.visitor
  const put = (id: string, query: string, text: string) => call('PUT', `/api/videos/${videoId}/subtitles/${id}${query}`, Buffer.from(text))
  const read = async (id: string) => (await call('GET', `/stream/${videoId}/1/texts/${id}.vtt`)).text
  expect((await put(beside, '', 'WEBVTT\n\n00:03.000 --> 00:04.000\ncorrected\n')).status).toBe(200)
  expect(await read(beside)).toContain('00:00:03.000 --> 00:00:04.000\ncorrected')
  const renamed = await put(beside, '?label=Corrected', '')
  expect([renamed.status, renamed.json]).toMatchObject([200, { id: beside, label: 'Corrected', language: 'zh' }])
  expect(await read(beside)).toContain('corrected')
  const copied = await put(inside, '', subtitles)
  expect([copied.status, (await read(inside)).includes('inside')]).toEqual([201, true])
  const { id } = copied.json as { id: string }
  expect((await call('DELETE', `/api/videos/${videoId}/subtitles/${id}`)).status).toBe(204)
}

async function bringTooMuch({ visitor }: Stage, { videoId }: { videoId: string }) {
  const large = await visitor.call('PUT', `/api/videos/${videoId}/subtitles?language=zh`, Buffer.alloc(3 * 2 ** 20))
  expect([large.status, codeOf(large)]).toEqual([413, 'media.subtitles_too_large'])
}

/** One of their own stands before everything that the film shows, for every source, until a frame is chosen again. */
async function bringPoster({ visitor, transcoding, signal, videos }: Stage, key: { videoId: string; generation: number }) {
  const { call } = visitor
  const place = `/api/videos/${key.videoId}/poster/picture`
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#a01' } })
    .withExif({ IFD0: { Artist: 'somebody' } })
    .jpeg()
    .toBuffer()
  expect((await call('PUT', place, picture)).status).toBe(202)
  const shown = async () => await sharp((await call('GET', `/stream/${key.videoId}/poster.jpg?w=1280`)).bytes).metadata()
  expect(await shown()).toMatchObject({ width: 900, height: 600 })
  expect((await shown()).exif).toBeUndefined()
  expect(((await call('GET', `/api/videos/${key.videoId}`)).json as Video).poster?.revision).toBe(3)
  await videos.sourceAgain(key.videoId)
  expect(await shown()).toMatchObject({ width: 900, height: 600 })
  const next = { ...key, generation: 2, signal }
  await transcoding.plan({ ...next, attempt: 1 })
  await transcoding.besideWork.makePoster(next)
  expect(await shown()).toMatchObject({ width: 900 })
  await transcoding.besideWork.makePoster({ ...next, atMs: 1000 })
  expect(await shown()).toMatchObject({ width: 640 })
  expect(codeOf(await call('PUT', place, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')))).toBe('avatar.unsupported')
}

/** By the words of its texts, those inside the film and those beside it; each leads to its moment. */
async function findWhatIsSaid({ visitor: { call, username } }: Stage, { videoId }: { videoId: string }) {
  await call('PATCH', `/api/user/${username}/videos/${videoId}`, { visibility: 'public' })
  for (const [q, moment] of [
    ['inside', { atMs: 500, text: 'inside' }],
    ['一起', { atMs: 1000, text: expect.stringMatching(/^一起看/) }],
  ] as const)
    await vi.waitFor(
      async () => {
        const { items } = (await call('GET', `/api/search?q=${encodeURIComponent(q)}`)).json as SearchAnswer
        expect(items).toMatchObject([{ id: videoId, moment }])
      },
      { timeout: 60_000, interval: 100 },
    )
  await call('PATCH', `/api/user/${username}/videos/${videoId}`, { visibility: 'private' })
}

describe.each(grounds.list)('besides its rows a film has, %s', (ground) => {
  test('[T5] poster, seek bar, texts, chapters and loudness, for whoever may see it', async () => {
    await using stage = await openFilmStage(ground, { without: ['worker'] })
    const key = await stage.arrive(await filmWithTexts(stage.folder))
    const { besideWork } = stage.transcoding
    await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
    await besideWork.makePoster({ ...key, signal: stage.signal })
    await besideWork.dress({ ...key, signal: stage.signal })

    const { call } = stage.visitor
    const video = (await call('GET', `/api/videos/${key.videoId}`)).json as Video
    expect(video.chapters.map(({ title }) => title)).toEqual(['One', 'Two'])
    // Encoders of sound begin a little before the film does.
    expect(Math.abs((video.chapters[1]?.startMs ?? 0) - 2000)).toBeLessThan(60)
    expect([typeof video.gainDb, video.poster?.revision, typeof video.poster?.thumbhash]).toEqual(['number', 1, 'string'])

    const at = `/stream/${key.videoId}`
    for (const [format, type] of [
      ['avif', 'heif'],
      ['webp', 'webp'],
      ['jpg', 'jpeg'],
    ]) {
      const poster = await call('GET', `${at}/poster.${format}?w=300&r=1`)
      expect(await sharp(poster.bytes).metadata()).toMatchObject({ width: 320, format: type })
      expect(poster.headers['cache-control']).toBe('private, max-age=86400')
    }
    const board = (await call('GET', `${at}/storyboard.vtt`)).text
    const [sheet = ''] = /1[/]sheets[/]0[.]webp/.exec(board) ?? []
    expect((await sharp((await call('GET', `${at}/${sheet}`)).bytes).metadata()).format).toBe('webp')
    expect((await call('GET', `${at}/preview.webp`)).status).toBe(200)

    const added = await call('PUT', `/api/videos/${key.videoId}/subtitles?language=zh&label=%E4%B8%AD%E6%96%87`, Buffer.from(subtitles))
    expect(added.status).toBe(201)
    const { items } = (await call('GET', `${at}/subtitles`)).json as TextList
    expect(items.map(({ language, label, kind }) => [language, label, kind])).toEqual([
      ['zh', '中文', 'subtitles'],
      ['fre', 'fre', 'subtitles'],
    ])
    const texts = await Promise.all(items.map(async ({ id }) => (await call('GET', `${at}/1/texts/${id}.vtt`)).text))
    expect(texts[0]).toContain('一起看')
    expect(texts[0]).not.toContain('<script')
    expect(texts[1]).toContain('00:00:00.500 --> 00:00:01.500\ninside')
    const master = (await call('GET', `${at}/master.m3u8`)).text
    expect(master).toMatch(/TYPE=SUBTITLES,GROUP-ID="texts",NAME="中文",LANGUAGE="zh"/)
    expect(master).toMatch(/FRAME-RATE=25[.]000,AUDIO="sound",SUBTITLES="texts"/)
    expect((await call('GET', `${at}/1/texts/${items[0]?.id}.m3u8`)).text).toContain(`\n${items[0]?.id}.vtt\n`)

    const places = [
      'poster.webp',
      'storyboard.vtt',
      sheet,
      'preview.webp',
      'subtitles',
      `1/texts/${items[0]?.id}.vtt`,
      `1/texts/${items[0]?.id}.m3u8`,
    ]
    const stranger = callAs(stage.matinee)
    for (const place of places) expect([place, (await stranger('GET', `${at}/${place}`)).status]).toEqual([place, 404])
    const other = await joinAs(stage.matinee, 'somebody')
    expect((await other.call('PUT', `/api/videos/${key.videoId}/subtitles?language=zh`, Buffer.from(subtitles))).status).toBe(404)

    await correctText(
      stage,
      key,
      items.map(({ id }) => id),
    )
    await choosePoster(stage, key)

    expect((await call('DELETE', `/api/videos/${key.videoId}/subtitles/${items[0]?.id}`)).status).toBe(204)
    expect(((await call('GET', `${at}/subtitles`)).json as TextList).items.length).toBe(1)
    expect(codeOf(await call('PUT', `/api/videos/${key.videoId}/subtitles?language=zh`, Buffer.from('nothing')))).toBe(
      'media.subtitles_unreadable',
    )
    await bringTooMuch(stage, key)
    await bringPoster(stage, key)
  }, 480_000)
})
