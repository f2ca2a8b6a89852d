import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith } from '#server/testing/grounds.ts'
import type { TestMatinee } from '#server/testing/matinee.ts'
import { callAs, type Visitor } from '#server/testing/visitors.ts'
import type { TextList } from '#shared/api/films.ts'
import type { DeletedVideoList, Video } from '#shared/api/videos.ts'
import { languages } from '#shared/language.ts'
import { openStage, register, type Seat, signIn } from './stage.ts'
import { texts } from './texts.ts'

const patience = { timeout: 120_000, interval: 100 }
const { studio, making, shell } = texts.en

describeWith('chromium', 'ffmpeg')('the parts of a film in the studio', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  let house: TestMatinee
  let call: Visitor['call']
  let vid: string
  beforeAll(async () => {
    stage = await openStage()
    house = await stage.openHouse()
    const { token } = await register(house, 'mei')
    call = callAs(house, token)
    vid = await sendFilm(call)
    const state = async () => ((await call('GET', `/api/videos/${vid}`)).json as Video).state
    await vi.waitFor(async () => expect(await state()).toMatch(/playable|ready/), patience)
  })
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })
  const film = async () => (await call('GET', `/api/videos/${vid}`)).json as Video

  test('chapters, marks and subtitles are written in the page; what is thrown away comes back', async () => {
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto(`/studio/${vid}?part=chapters`)
    await page.getByRole('slider').fill('1000')
    await page.getByRole('button', { name: studio.chapters.add }).click()
    await page.getByLabel(studio.chapters.name.replace('{number}', '1'), { exact: true }).fill('The road')
    await page.getByLabel(studio.chapters.markNames.introEndMs, { exact: true }).fill('0:00.5')
    await page.getByRole('button', { name: shell.words.save, exact: true }).click()
    await expect.poll(async () => (await film()).chapters, patience).toEqual([{ startMs: 1000, title: 'The road' }])
    expect((await film()).marks).toMatchObject({ introEndMs: 500, creditsMs: null })

    await page.getByRole('link', { name: studio.parts.subtitles, exact: true }).click()
    await page.getByRole('button', { name: studio.subtitles.write }).click()
    await page.getByRole('button', { name: /^Correct / }).click()
    await page.getByLabel(studio.cues.line, { exact: true }).fill('雨停了 <i>now</i>')
    await page.getByLabel(studio.cues.shift, { exact: true }).fill('-0.5')
    await page.getByRole('button', { name: studio.cues.shiftNow, exact: true }).click()
    expect(await page.getByLabel(studio.cues.from, { exact: true }).inputValue()).toBe('0:00.5')
    await page.getByRole('button', { name: shell.words.save, exact: true }).click()
    await page.getByRole('button', { name: /^Correct / }).waitFor()
    const { items } = (await call('GET', `/api/stream/${vid}/subtitles`)).json as TextList
    expect(items).toMatchObject([{ language: 'zh-Hans', kind: 'subtitles' }])
    const { generation } = await film()
    const { text } = await call('GET', `/api/stream/${vid}/${generation}/texts/${items[0]?.id}.vtt`)
    expect(text).toContain('00:00:00.500 --> 00:00:02.500\n雨停了')

    await page.getByRole('link', { name: studio.parts.details, exact: true }).click()
    await page.getByRole('button', { name: making.studio.delete, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: making.studio.delete, exact: true }).click()
    await page.waitForURL('/studio')
    const thrown = async () => ((await call('GET', '/api/user/mei/videos/deleted')).json as DeletedVideoList).items.map(({ id }) => id)
    await expect.poll(thrown, patience).toEqual([vid])
    await page.getByRole('link', { name: making.studio.thrown, exact: true }).click()
    await page.getByRole('button', { name: studio.thrown.restore }).click()
    await page.getByText(studio.thrown.emptyTitle).waitFor()
    expect(await thrown()).toEqual([])
    expect((await film()).chapters).toHaveLength(1)
    expect(seat.foreign).toEqual([])
  })

  test.for(languages)('each part stands in %s, on a phone too, with nothing for axe', async (language) => {
    await using seat = await stage.takeSeat(house, { language, device: language === 'en' ? 'desktop' : 'phone', theme: 'light' })
    const { page } = seat
    await signIn(seat, 'mei')
    const parts = texts[language].studio.parts
    for (const part of ['details', 'cover', 'subtitles', 'chapters', 'figures'] as const) {
      await page.goto(`/studio/${vid}?part=${part}`)
      await page.getByRole('link', { name: parts[part], exact: true }).and(page.locator('[aria-current]')).waitFor()
      await expectWhole(seat)
    }
    await page.goto('/studio?thrown')
    await page.getByRole('heading', { name: texts[language].studio.thrown.emptyTitle }).waitFor()
    await expectWhole(seat)
  })
})

async function expectWhole({ page, violations }: Seat): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
  expect(await violations()).toEqual([])
}

/** Two seconds of film, by the plain form. */
async function sendFilm(call: Visitor['call']): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-parts-'))
  try {
    const path = join(folder, 'road.mp4')
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']
    await makeFilm({ path, frames: 48, rate: '24', width: 320, height: 180, output })
    const boundary = 'a-film'
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="road.mp4"\r\ncontent-type: video/mp4\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), await readFile(path), Buffer.from(`\r\n--${boundary}--\r\n`)])
    const answer = await call('POST', '/api/upload/new', body, { 'content-type': `multipart/form-data; boundary=${boundary}` })
    expect(answer.status).toBe(201)
    return (answer.json as { videoId: string }).videoId
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
