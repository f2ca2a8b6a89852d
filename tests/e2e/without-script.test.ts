import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { languages } from '#shared/language.ts'
import { openStage, password, register } from './stage.ts'
import { texts } from './texts.ts'

describeWith('chromium')('without script', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test.for(languages)('one signs up, out and in by forms alone, in %s', async (language) => {
    const { accounts, shell } = texts[language]
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await using seat = await stage.takeSeat(house, { language, hasScript: false })
    const { page } = seat
    await page.goto('/register')
    await page.getByLabel(accounts.signUp.username).fill('mei')
    await page.getByLabel(accounts.signUp.password, { exact: true }).fill('short')
    await page.getByRole('button', { name: accounts.signUp.act, exact: true }).click()
    await page.locator('.field-error').waitFor()
    expect(await page.getByLabel(accounts.signUp.username).inputValue()).toBe('mei')
    await page.getByLabel(accounts.signUp.password, { exact: true }).fill(password)
    await page.getByRole('button', { name: accounts.signUp.act, exact: true }).click()
    await page.waitForURL('/')
    // The menu is the browser's own popover.
    await page.locator('.corner-button').click()
    await page.getByRole('button', { name: shell.account.signOut }).click()
    await page.getByRole('link', { name: shell.account.signIn }).first().click()
    await page.getByLabel(accounts.signIn.username).fill('mei')
    await page.getByLabel(accounts.signIn.password, { exact: true }).fill(password)
    await page.getByRole('button', { name: accounts.signIn.act }).click()
    await page.waitForURL('/')
    expect(await page.locator('.corner-button').count()).toBe(1)
    await seat.expectClean(['400 /register'])
  })

  test('the source is offered, and language and theme are chosen by forms, and one stays on the page', async () => {
    await using house = await stage.openHouse({ 'site.sourceUrl': 'https://example.org/lantern' })
    await using seat = await stage.takeSeat(house, { hasScript: false })
    const { page } = seat
    await page.goto('/search?q=lantern')
    expect(await page.getByRole('link', { name: texts.en.shell.frame.source }).getAttribute('href')).toBe('https://example.org/lantern')
    await page.getByRole('button', { name: '繁體中文' }).click()
    expect(await page.getAttribute('html', 'lang')).toBe('zh-TW')
    await page.getByRole('button', { name: texts['zh-TW'].shell.theme.light }).click()
    expect(await page.getAttribute('html', 'data-theme')).toBe('light')
    expect(new URL(page.url()).search).toBe('?q=lantern')
    await seat.expectClean()
  })

  test('the first run, a forgotten password and the admin pages can be read and used as far as forms go', async () => {
    await using house = await stage.openHouse()
    await using seat = await stage.takeSeat(house, { hasScript: false, device: 'phone' })
    const { page } = seat
    await page.goto('/welcome')
    await page.fill('[name=siteName]', 'Lantern House')
    await page.fill('[name=username]', 'owner')
    await page.fill('[name=password]', password)
    await page.click('form.form button[type=submit]')
    await page.waitForURL('/')
    expect(await page.title()).toBe('Lantern House')
    await page.goto('/admin/people?q=own')
    expect(await page.getByRole('rowheader').textContent()).toContain('owner')
    await page.goto('/settings/profile')
    expect(await page.locator('noscript').count()).toBeGreaterThan(0)
    await seat.expectClean()
  })
})
