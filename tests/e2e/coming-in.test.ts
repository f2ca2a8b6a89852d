import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith, isLong } from '#server/testing/grounds.ts'
import { languages } from '#shared/language.ts'
import { devices, openStage, password, register, signIn } from './stage.ts'
import { texts } from './texts.ts'

const every = languages.flatMap((language) => (Object.keys(devices) as (keyof typeof devices)[]).map((device) => ({ language, device })))
/** Each language, and each device. */
const few = every.filter(({ language, device }) => (language === 'zh-CN') === (device === 'phone'))

describeWith('chromium')('people come in', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test.for(isLong ? every : few)('one signs up, out and in again, in $language on a $device', async ({ language, device }) => {
    const { accounts, shell } = texts[language]
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await using seat = await stage.takeSeat(house, { language, device })
    const { page } = seat
    await page.goto('/register')
    await seat.expectClean()
    await page.getByLabel(accounts.signUp.username).fill('mei')
    await page.getByLabel(accounts.signUp.password, { exact: true }).fill(password)
    await page.getByRole('button', { name: accounts.signUp.act, exact: true }).click()
    await page.waitForURL('/')
    await page.locator('.corner-button').click()
    await seat.expectClean()
    await page.getByRole('button', { name: shell.account.signOut }).click()
    await page.getByRole('link', { name: shell.account.signIn }).first().click()
    await page.waitForURL('/login')
    await page.getByLabel(accounts.signIn.username).fill('mei')
    await page.getByLabel(accounts.signIn.password, { exact: true }).fill(password)
    await page.getByRole('button', { name: accounts.signIn.act }).click()
    await page.waitForURL('/')
    await expect.poll(() => page.locator('.corner-button').count()).toBe(1)
    await seat.expectClean()
  })

  test('a wrong password is told in words, and what was typed stays', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await page.goto('/login')
    await page.fill('[name=username]', 'mei')
    await page.fill('[name=password]', 'not this one')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').textContent()).toBe('Name or password is wrong.')
    expect(await page.inputValue('[name=username]')).toBe('mei')
    await seat.expectClean(['401 /api/session'])
  })

  test('an empty field is asked for where it stands, and gets the focus', async () => {
    await using house = await stage.openHouse()
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await page.goto('/register')
    await page.fill('[name=username]', 'mei')
    await page.click('form.form button[type=submit]')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password')
    expect(await page.locator('.field-error').textContent()).toBe(texts.en.shell.form.missing)
    await seat.expectClean()
  })

  test('every wrong field is named by the server, beside the field', async () => {
    await using house = await stage.openHouse()
    await using seat = await stage.takeSeat(house, { language: 'zh-TW' })
    const { page } = seat
    await page.goto('/register')
    await page.fill('[name=username]', 'a')
    await page.fill('[name=password]', 'short')
    await page.click('form.form button[type=submit]')
    await expect.poll(() => page.locator('.field-error').count()).toBeGreaterThan(0)
    await expect.poll(() => page.getAttribute('[name=username]', 'aria-invalid')).toBe('true')
    await seat.expectClean(['400 /api/user'])
  })

  test('who was asked to sign in comes back to where they wanted to go, and nowhere else', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await page.goto('/settings')
    await page.waitForURL('/login?to=settings')
    await page.fill('[name=username]', 'mei')
    await page.fill('[name=password]', password)
    await page.click('form.form button[type=submit]')
    await page.waitForURL('/settings')
    await page.goto('/login?to=https://elsewhere.example')
    await page.fill('[name=username]', 'mei')
    await page.fill('[name=password]', password)
    await page.click('form.form button[type=submit]')
    await page.waitForURL('/')
    await seat.expectClean()
  })

  test('a stranger from elsewhere needs the code to own the house, and is told so', async () => {
    await using house = await stage.openHouse({ 'http.trustedProxies': '127.0.0.1' })
    await using seat = await stage.takeSeat(house, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    const { page } = seat
    const fill = async (username: string, code: string) => {
      await page.goto('/welcome')
      await page.fill('[name=siteName]', 'Somewhere')
      await page.fill('[name=username]', username)
      await page.fill('[name=password]', password)
      await page.fill('[name=ownerCode]', code)
      await page.click('form.form button[type=submit]')
    }
    await fill('mei', 'not-the-code')
    await expect.poll(() => page.getAttribute('[name=ownerCode]', 'aria-invalid')).toBe('true')
    await fill('mei', '')
    await expect.poll(() => page.getByText('You are in, as a member.').count(), { timeout: 60_000 }).toBe(1)
    expect((await house.inject({ path: '/api/site' })).json).toMatchObject({ name: 'Matinee', isNew: true })
    await seat.expectClean(['403 /api/user'])
  })

  test('the session of another device ends from here', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using here = await stage.takeSeat(house)
    await using there = await stage.takeSeat(house, { device: 'phone' })
    await signIn(here, 'mei')
    await signIn(there, 'mei')
    await here.page.goto('/settings/security')
    await here.page.getByRole('button', { name: texts.en.settings.sessions.endOthers }).click()
    await expect.poll(() => here.page.locator('.session').count()).toBe(1)
    await there.page.goto('/settings')
    await there.page.waitForURL('/login?to=settings')
    await here.expectClean()
    // Whoever still shows an ended session is told so, once or, where the page is quicker to leave, not at all.
    expect(['', '401 /api/me']).toContain([...new Set(there.refused)].join())
  })
})
