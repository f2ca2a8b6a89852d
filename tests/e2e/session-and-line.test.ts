import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { openStage, password, register, signIn } from './stage.ts'
import { texts } from './texts.ts'

const { en } = texts

describeWith('chromium')('sessions and lines end', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test('the session of another device is ended from here; over there one signs in again where one was, and nothing written is lost', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using here = await stage.takeSeat(house)
    await using there = await stage.takeSeat(house)
    await signIn(here, 'mei')
    await signIn(there, 'mei')
    await there.page.goto('/settings/profile')
    await there.page.getByLabel(en.settings.profile.bio).fill('Half a sentence, not yet sent')
    await here.page.goto('/settings/security')
    await here.page.getByRole('button', { name: en.settings.sessions.endOthers }).click()
    // Nothing is pressed over there: the line tells it.
    const dialog = there.page.getByRole('dialog', { name: en.shell.session.endedTitle })
    await dialog.waitFor()
    await there.expectClean(['401 /api/me'])
    expect(await dialog.getByLabel(en.accounts.signIn.username).inputValue()).toBe('mei')
    await dialog.getByLabel(en.accounts.signIn.password, { exact: true }).fill(password)
    await dialog.getByRole('button', { name: en.accounts.signIn.act }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await there.page.getByLabel(en.settings.profile.bio).inputValue()).toBe('Half a sentence, not yet sent')
    await there.page.getByRole('button', { name: en.shell.words.save }).click()
    await expect.poll(() => there.page.locator('.status-done').textContent()).toContain(en.settings.saved)
    const profile = (await house.inject({ path: '/api/user/mei' })).json
    expect(profile).toMatchObject({ bio: 'Half a sentence, not yet sent' })
  })

  test('what cannot be sent says so, and stays to be sent again', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/settings/profile')
    await page.getByLabel(en.settings.profile.bio).fill('On the train')
    await page.context().setOffline(true)
    await expect.poll(() => page.locator('.offline').textContent()).toBe(en.shell.failure.offlineLine)
    await page.getByRole('button', { name: en.shell.words.save }).click()
    await expect.poll(() => page.locator('.form-failure').textContent()).toBe(en.shell.failure.unreachable)
    await page.context().setOffline(false)
    await page.getByRole('button', { name: en.shell.words.save }).click()
    await expect.poll(() => page.locator('.status-done').count()).toBe(1)
    await expect.poll(() => page.locator('.offline').textContent()).toBe('')
  })

  test('a page that cannot be fetched says so in its place, and comes when the line is back', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await page.goto('/')
    await page.context().setOffline(true)
    await page.getByRole('link', { name: en.shell.account.signIn }).click()
    await expect.poll(() => page.locator('main h1').textContent()).toBe(en.shell.failure.offlineTitle)
    await page.context().setOffline(false)
    await page.getByRole('button', { name: en.shell.words.retry }).click()
    await expect.poll(() => page.locator('main h1').textContent()).toBe(en.accounts.signIn.title)
  })

  test('without a connection the kept pages answer, in the language and theme of this device, and no private answer was kept', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house, { language: 'zh-TW', hasWorker: true })
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/settings/security')
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')
    // As the home page asks once all is quiet.
    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.postMessage('home'))
    const home = () => page.evaluate(async () => (await caches.match('/'))?.text())
    await expect.poll(home, { timeout: 60_000 }).toBeDefined()
    expect(await home()).not.toContain('mei')
    const kept = await page.evaluate(async () => {
      const urls: string[] = []
      for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname)
      return urls
    })
    expect(kept).toContain('/offline')
    expect(kept.filter((path) => !['/', '/offline'].includes(path) && !/^\/(assets|icons)\//.test(path))).toEqual([])
    await page.context().setOffline(true)
    await page.goto('/')
    await page.locator('main h1', { hasText: texts['zh-TW'].shell.failure.offlineTitle }).waitFor({ state: 'detached' })
    expect(await page.locator('main h1, main h2').first().textContent()).not.toBe('')
    expect(await page.getAttribute('html', 'lang')).toBe('zh-TW')
    expect(await page.textContent('body')).not.toContain('mei')
    await page.goto('/settings/profile')
    expect(await page.locator('main h1').textContent()).toBe(texts['zh-TW'].shell.failure.offlineTitle)
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark')
    expect(await page.textContent('body')).not.toContain('mei')
    await page.context().setOffline(false)
    await page.getByRole('button', { name: texts['zh-TW'].shell.words.retry }).click()
    await expect.poll(() => page.locator('h1').first().textContent()).toBe(texts['zh-TW'].settings.title)
  })
})
