import { TOTP } from 'otpauth'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { openStage, password, register, type Seat, signIn } from './stage.ts'
import { texts } from './texts.ts'

const { en } = texts

describeWith('chromium')('people keep their settings', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test('a profile is written and seen by others; a new name keeps the old link', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/settings/profile')
    await page.getByLabel(en.settings.profile.displayName).fill('林小美')
    await page.getByLabel(en.settings.profile.bio).fill('Runs the Thursday screenings.')
    await page.getByRole('button', { name: en.shell.words.save }).click()
    await page.locator('.status-done').waitFor()
    await page.getByRole('textbox', { name: en.settings.username.title }).fill('xiaomei')
    await page.getByRole('button', { name: en.settings.username.act }).click()
    await expect.poll(() => page.locator('.status-done').textContent()).toContain(en.settings.username.done)
    await seat.expectClean()
    await using stranger = await stage.takeSeat(house, { device: 'phone' })
    await stranger.page.goto('/@mei')
    expect(await stranger.page.locator('h1').textContent()).toBe('林小美')
    expect(await stranger.page.title()).toBe('林小美')
    await stranger.expectClean()
  })

  test('a profile that is closed is not shown, and one that is not there is said to be missing', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    const { token } = await register(house, 'mei')
    await house.inject({ method: 'PATCH', path: '/api/me', headers: { authorization: `Bearer ${token}` }, body: { audience: 'nobody' } })
    await using seat = await stage.takeSeat(house)
    expect((await seat.page.goto('/@mei'))?.status()).toBe(401)
    expect(await seat.page.locator('h1').textContent()).toBe(en.pages.profile.closedTitle)
    expect((await seat.page.goto('/@nobody.here'))?.status()).toBe(404)
    expect(await seat.page.locator('h1').textContent()).toBe(en.pages.profile.missingTitle)
    await seat.expectClean(['401 /@mei', '404 /@nobody.here'])
  })

  test('a picture is cut by keys and stands beside the name', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/settings/profile')
    const left = await sharp({ create: { width: 300, height: 600, channels: 3, background: '#c02020' } })
      .png()
      .toBuffer()
    const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#2040c0' } })
      .composite([{ input: left, left: 0, top: 0 }])
      .jpeg()
      .toBuffer()
    await page.locator('input[type=file]').setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: picture })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('application').focus()
    for (let i = 0; i < 9; i++) await page.keyboard.press('+')
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowLeft')
    await seat.expectClean()
    await dialog.getByRole('button', { name: en.settings.avatar.keep }).click()
    await dialog.waitFor({ state: 'hidden' })
    const source = await page.locator('.picker img').getAttribute('src')
    const kept = await house.inject({ path: source ?? '' })
    const { dominant } = await sharp(kept.bytes).stats()
    // The left third alone, which is red, was kept.
    expect(dominant.r).toBeGreaterThan(dominant.b + 60)
    await seat.expectClean()
  })

  test('a second factor is turned on, asked for at the next sign-in, and a recovery code lets in once', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house, { device: 'phone' })
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/settings/security')
    await page.getByRole('button', { name: en.settings.secondFactor.turnOn }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(en.settings.secondFactor.password, { exact: true }).fill(password)
    await dialog.getByRole('button', { name: en.settings.secondFactor.go.begin }).click()
    const secret = await dialog.locator('code').textContent()
    await seat.expectClean()
    const app = new TOTP({ secret: (secret ?? '').replaceAll(' ', '') })
    await dialog.getByLabel(en.settings.secondFactor.code).fill(app.generate())
    await dialog.getByRole('button', { name: en.settings.secondFactor.confirm }).click()
    const codes = dialog.locator('.factor-codes li')
    await codes.first().waitFor()
    const recovery = await codes.first().textContent()
    await seat.expectClean()
    await dialog.getByRole('button', { name: en.settings.secondFactor.kept }).click()

    await using later = await stage.takeSeat(house)
    await enterWithCode(later, recovery ?? '')
    await later.page.waitForURL('/')
    await using again = await stage.takeSeat(house)
    await enterWithCode(again, recovery ?? '')
    await expect.poll(() => again.page.getByRole('alert').count()).toBe(1)
    await again.expectClean(['401 /api/session', '401 /api/session'])
  })

  test('a new password ends the other sessions and keeps this one', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    await using other = await stage.takeSeat(house)
    await signIn(seat, 'mei')
    await signIn(other, 'mei')
    const { page } = seat
    await page.goto('/settings/security')
    await page.getByLabel(en.settings.password.old, { exact: true }).fill(password)
    await page.getByLabel(en.settings.password.new, { exact: true }).fill('a lamp left on in the foyer')
    await page.getByRole('button', { name: en.settings.password.act }).click()
    await expect.poll(() => page.locator('.status-done').textContent()).toContain(en.settings.password.done)
    await expect.poll(() => page.locator('.session').count()).toBe(1)
    await page.reload()
    expect(new URL(page.url()).pathname).toBe('/settings/security')
    await other.page.goto('/settings')
    expect(new URL(other.page.url()).pathname).toBe('/login')
    await seat.expectClean()
  })

  test('closing the account counts what goes, asks for the password, and removes', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house, { language: 'zh-CN' })
    const { page } = seat
    const { closing } = texts['zh-CN'].settings
    await signIn(seat, 'mei')
    await page.goto('/settings/account')
    await page.getByRole('button', { name: closing.begin }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.closing-goes li').first().waitFor()
    for (const line of await dialog.locator('.closing-goes li').allTextContents()) expect(line).not.toMatch(/[a-z_]+: /)
    await dialog.getByLabel(closing.password, { exact: true }).fill('not this one')
    await dialog.getByRole('button', { name: closing.act }).click()
    await dialog.locator('.field-error').waitFor()
    await dialog.getByLabel(closing.password, { exact: true }).fill(password)
    await dialog.getByRole('button', { name: closing.act }).click()
    await page.waitForURL('/')
    await expect.poll(() => page.locator('.corner-button').count()).toBe(0)
    expect((await house.inject({ path: '/api/user/mei' })).status).toBe(404)
    await seat.expectClean(['403 /api/user/mei'])
  })

  test('language and theme take effect at once, hold on the next page and, with an account, on the next device', async () => {
    await using house = await stage.openHouse()
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/settings/look')
    await page.locator('main').getByRole('button', { name: '繁體中文' }).click()
    await expect.poll(() => page.locator('h1').first().textContent()).toBe(texts['zh-TW'].settings.title)
    await expect.poll(() => page.getAttribute('html', 'lang')).toBe('zh-TW')
    await page.locator('main').getByRole('button', { name: texts['zh-TW'].shell.theme.light }).click()
    await seat.expectClean()
    await page.goto('/')
    expect(await page.getAttribute('html', 'data-theme')).toBe('light')
    expect(await page.locator('h1').textContent()).toBe(texts['zh-TW'].pages.home.host.title)
    await using other = await stage.takeSeat(house, { device: 'phone' })
    await signIn(other, 'mei')
    expect(await other.page.locator('h1').textContent()).toBe(texts['zh-TW'].pages.home.host.title)
    await other.expectClean()
  })
})

async function enterWithCode({ page }: Seat, code: string): Promise<void> {
  await page.goto('/login')
  await page.fill('[name=username]', 'mei')
  await page.fill('[name=password]', password)
  await page.click('form.form button[type=submit]')
  await page.getByLabel(en.accounts.signIn.code).fill(code)
  await page.getByRole('button', { name: en.accounts.signIn.act }).click()
}
