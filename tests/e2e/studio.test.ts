import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import type { TestMatinee } from '#server/testing/matinee.ts'
import type { Video } from '#shared/api/videos.ts'
import { languages } from '#shared/language.ts'
import { openStage, register, signIn } from './stage.ts'
import { texts } from './texts.ts'

const { studio, fields } = texts.en.making
const patience = { timeout: 120_000, interval: 100 }

/** Somebody with three films, as the API makes them. */
async function openStudio(house: TestMatinee) {
  const { token } = await register(house, 'mei')
  const headers = { authorization: `Bearer ${token}` }
  const ids: string[] = []
  for (const title of ['A quiet afternoon', 'Broken reel', '雨天']) {
    const made = await house.inject({ method: 'POST', path: '/api/user/mei/videos', headers, body: { title } })
    ids.push((made.json as Video).id)
  }
  const read = async () => ((await house.inject({ path: '/api/user/mei/videos', headers })).json as { items: Video[] }).items
  return { ids, read }
}

describeWith('chromium')('the studio', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test('tells live how far a film is and why one failed, keeps its filters in the address, and changes and deletes many at once', async () => {
    await using house = await stage.openHouse()
    const { ids, read } = await openStudio(house)
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/studio')
    const row = (title: string) => page.getByRole('row').filter({ hasText: title })
    await row('Broken reel').waitFor()
    // The line of the page stands a moment after the page; what is told before is read with the next.
    await expect
      .poll(async () => {
        await house.features.videos.grew({ videoId: ids[0] ?? '', generation: 0, state: 'playable', cellsDone: 3, cellsPlanned: 10 })
        return await row('A quiet afternoon').textContent()
      }, patience)
      .toContain(studio.percent.replace('{percent}', '30'))
    const failure = { code: 'media.unreadable' }
    await house.features.videos.grew({ videoId: ids[1] ?? '', generation: 0, state: 'failed', failure })
    await row('Broken reel').getByText('cannot be read as a film').waitFor()
    await seat.expectClean()

    await page.locator('select[name=state]').selectOption('failed')
    await page.waitForURL('/studio?state=failed')
    await expect.poll(() => page.locator('tbody tr').count(), patience).toBe(1)
    await page.goBack()
    await expect.poll(() => page.locator('tbody tr').count(), patience).toBe(3)

    // The first, and with the shift key everything down to the second.
    await page.getByLabel(studio.chooseOne.replace('{title}', '雨天')).check()
    await page.getByLabel(studio.chooseOne.replace('{title}', 'Broken reel')).click({ modifiers: ['Shift'] })
    await page.getByRole('group', { name: studio.many }).getByLabel(fields.visibility).selectOption('public')
    await expect.poll(async () => (await read()).map(({ visibility }) => visibility), patience).toEqual(['public', 'public', 'private'])
    await page.getByLabel(studio.chooseAll).check()
    await page.getByRole('group', { name: studio.many }).getByRole('button', { name: studio.delete }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Broken reel').waitFor()
    await seat.expectClean()
    await dialog.getByRole('button', { name: studio.delete }).click()
    await page.getByText(studio.emptyTitle).waitFor()
    expect(await read()).toEqual([])
    await seat.expectClean()
  })

  test.for(languages)(
    'a film is edited in %s on a phone: what is typed is saved, what is wrong stands beside its field',
    async (language) => {
      await using house = await stage.openHouse()
      const { ids, read } = await openStudio(house)
      await using seat = await stage.takeSeat(house, { language, device: 'phone', theme: 'light' })
      const { page } = seat
      const { making, shell } = texts[language]
      await signIn(seat, 'mei')
      await page.goto(`/studio/${ids[2]}`)
      await page.getByLabel(making.card.title).fill('  ')
      const save = page.getByRole('button', { name: shell.words.save })
      await save.click()
      await expect.poll(() => page.locator('.field-error').count(), patience).toBe(1)
      await page.getByLabel(making.card.title).fill('雨天之後')
      await page.getByLabel(making.fields.tags).fill('雨，')
      await page.getByLabel(making.fields.visibility, { exact: true }).selectOption('password')
      await page.getByLabel(making.fields.password, { exact: true }).fill('lantern')
      await page.getByLabel(making.studio.publishAt).fill('2031-05-04T12:30')
      await page.getByLabel(making.studio.talk.comments, { exact: true }).selectOption('closed')
      await save.click()
      await page.locator('.status-done').waitFor()
      const [video] = await read()
      expect(video).toMatchObject({ title: '雨天之後', tags: ['雨'], visibility: 'password', commentRule: 'closed' })
      expect(new Date(video?.publishAt ?? '').getUTCFullYear()).toBe(2031)
      await expect.poll(() => page.locator('h1').textContent(), patience).toBe('雨天之後')
      await seat.expectClean(['400 /api/user/mei/videos/' + ids[2]])
    },
  )
})
