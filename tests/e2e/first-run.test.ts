import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { languages } from '#shared/language.ts'
import { devices, openStage, password } from './stage.ts'
import { texts } from './texts.ts'

const seats = languages.flatMap((language) => (Object.keys(devices) as (keyof typeof devices)[]).map((device) => ({ language, device })))

describeWith('chromium')('the first run', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test.for(seats)('the first run names the house and makes an owner, in $language on a $device', async ({ language, device }) => {
    const { accounts, pages } = texts[language]
    await using house = await stage.openHouse()
    await using seat = await stage.takeSeat(house, { language, device })
    const { page } = seat
    await page.goto('/')
    await expect.poll(() => page.locator('h1').textContent()).toBe(pages.home.first.title)
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    await seat.expectClean()
    await page.getByRole('link', { name: pages.home.first.act }).last().click()
    await page.waitForURL('/welcome')
    await page.getByLabel(accounts.welcome.siteName).fill('月光影院')
    await page.getByLabel(accounts.welcome.invitation).check()
    await page.getByLabel(accounts.welcome.username).fill('林小美')
    await page.getByLabel(accounts.signUp.password, { exact: true }).fill(password)
    await seat.expectClean()
    await page.getByRole('button', { name: accounts.welcome.act }).click()
    await page.waitForURL('/')
    await expect.poll(() => page.locator('h1').textContent()).toBe(pages.home.host.title)
    await expect.poll(() => page.title()).toBe('月光影院')
    await seat.expectClean()
    const site = (await house.inject({ path: '/api/site' })).json
    expect(site).toMatchObject({ name: '月光影院', signUp: 'invitation', isNew: false })
  })
})
