import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import en from '#shared/locales/en/admin.json' with { type: 'json' }
import films from '#shared/locales/en/allFilms.json' with { type: 'json' }
import making from '#shared/locales/en/making.json' with { type: 'json' }
import { openStage, password, register, signIn } from './stage.ts'
import { texts } from './texts.ts'

const { shell, accounts, pages } = texts.en
const { studio } = making

describeWith('chromium')('admins keep the house', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test('an invitation lets a newcomer in, who is asked for nothing but a name and a password', async () => {
    await using house = await stage.openHouse({ 'accounts.signUp': 'invitation' })
    await register(house, 'owner')
    await using host = await stage.takeSeat(house)
    await signIn(host, 'owner')
    await host.page.getByRole('link', { name: pages.home.host.act }).click()
    await host.page.getByRole('textbox', { name: en.invitations.note }).fill('Thursday club')
    await host.page.getByRole('button', { name: en.invitations.make }).click()
    const link = await host.page.locator('.link-shown code').textContent()
    await expect.poll(() => host.page.getByRole('rowheader', { name: 'Thursday club' }).count()).toBe(1)
    await host.expectClean()

    await using guest = await stage.takeSeat(house, { device: 'phone' })
    const { page } = guest
    await page.goto('/register')
    expect(await page.getByLabel(accounts.signUp.invitation, { exact: true }).count()).toBe(1)
    await page.goto(link ?? '')
    expect(await page.locator('.entrance-lead').textContent()).toBe('owner has invited you.')
    await page.getByLabel(accounts.signUp.username).fill('guest')
    await page.getByLabel(accounts.signUp.password, { exact: true }).fill(password)
    await page.getByRole('button', { name: accounts.signUp.act, exact: true }).click()
    await page.waitForURL('/')
    await guest.expectClean()

    await using second = await stage.takeSeat(house)
    await second.page.goto(link ?? '')
    expect(await second.page.locator('.form-failure').count()).toBe(1)
  })

  test('whoever asks to join waits until an admin takes them in', async () => {
    await using house = await stage.openHouse({ 'accounts.signUp': 'approval' })
    await register(house, 'owner')
    await using guest = await stage.takeSeat(house)
    await guest.page.goto('/register')
    await guest.page.getByLabel(accounts.signUp.username).fill('jo')
    await guest.page.getByLabel(accounts.signUp.password, { exact: true }).fill(password)
    await guest.page.getByLabel(accounts.signUp.note).fill('I come with Mei')
    await guest.page.getByRole('button', { name: accounts.signUp.ask }).click()
    await guest.page.getByText('You have asked to join.').waitFor()
    await guest.expectClean()

    await using host = await stage.takeSeat(house, { device: 'phone' })
    await signIn(host, 'owner')
    await host.page.goto('/admin')
    await host.page.getByRole('link', { name: en.sections.overview }).click()
    await host.page.getByRole('link', { name: 'One person asks to join.' }).click()
    await host.page.getByRole('button', { name: 'What can be done with jo' }).click()
    await host.expectClean()
    await host.page.getByRole('button', { name: en.people.approve, exact: true }).click()
    await host.page.getByText('jo is in.').waitFor()
    await signIn(guest, 'jo')
    await host.expectClean()
  })

  test('a moderator is made, a member suspended with a reason, and both stand in the log', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await register(house, 'mei')
    await using host = await stage.takeSeat(house)
    const { page } = host
    await signIn(host, 'owner')
    await page.goto('/admin/people?q=mei')
    const acts = page.getByRole('button', { name: 'What can be done with mei' })
    await acts.click()
    await page.getByRole('button', { name: en.people.changeRole }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: en.people.roles.moderator }).check()
    await host.expectClean()
    await dialog.getByRole('button', { name: shell.words.save }).click()
    await page.getByText('mei has another role.').waitFor()
    await acts.click()
    await page.getByRole('button', { name: en.people.suspend, exact: true }).click()
    await dialog.getByLabel(en.people.reason, { exact: true }).fill('Too loud')
    await host.expectClean()
    await dialog.getByRole('button', { name: en.people.suspend, exact: true }).click()
    await page.getByText('mei is suspended.').waitFor()
    await expect.poll(() => page.locator('.person-suspended').textContent()).toBe(en.people.states.suspended)
    await page.goto('/admin/audit')
    const log = await page.locator('.audit-entry').allTextContents()
    expect(log[0]).toContain('suspended mei')
    expect(log[1]).toContain('changed the role of mei')
    await host.expectClean()

    await using seat = await stage.takeSeat(house)
    await seat.page.goto('/login')
    await seat.page.fill('[name=username]', 'mei')
    await seat.page.fill('[name=password]', password)
    await seat.page.keyboard.press('Enter')
    await expect.poll(() => seat.page.getByRole('alert').textContent()).toContain('Too loud')
  })

  test('a link for a new password is handed over by an admin and works once', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await register(house, 'mei')
    await using host = await stage.takeSeat(house)
    await signIn(host, 'owner')
    await host.page.goto('/admin/people')
    await host.page.getByRole('button', { name: 'What can be done with mei' }).click()
    await host.page.getByRole('button', { name: en.people.makeLink }).click()
    const link = await host.page.locator('.link-shown code').textContent()
    await host.expectClean()

    await using seat = await stage.takeSeat(house, { device: 'phone' })
    const { page } = seat
    await page.goto(link ?? '')
    await page.getByLabel(accounts.reset.password, { exact: true }).fill('a lamp left on in the foyer')
    await seat.expectClean()
    await page.getByRole('button', { name: accounts.reset.act }).click()
    await page.getByText('The new password of mei holds.').waitFor()
    await signIn(seat, 'mei', 'a lamp left on in the foyer')
    await seat.expectClean()
    await page.goto('/')
    await page.goto(link ?? '')
    await page.getByLabel(accounts.reset.password, { exact: true }).fill('yet another lamp in the foyer')
    await page.getByRole('button', { name: accounts.reset.act }).click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(1)
  })

  test('settings of the house hold at once, and are given back to the configuration', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await using host = await stage.takeSeat(house)
    const { page } = host
    await signIn(host, 'owner')
    await page.goto('/admin/settings')
    await page.getByLabel(en.settings.siteName, { exact: true }).fill('Lantern House')
    await page.locator('[name=signUp][value=closed]').check()
    await page.getByRole('button', { name: shell.words.save }).first().click()
    await page.getByText(en.settings.saved).waitFor()
    expect((await house.inject({ path: '/api/site' })).json).toMatchObject({ name: 'Lantern House', signUp: 'closed' })
    await expect.poll(() => page.locator('.shell-home').textContent()).toBe('Lantern House')
    await host.expectClean()
    await page.getByRole('button', { name: `Give back: ${en.settings.siteName}` }).click()
    await expect.poll(async () => (await house.inject({ path: '/api/site' })).json).toMatchObject({ name: 'Matinee', signUp: 'closed' })
    await using stranger = await stage.takeSeat(house)
    await stranger.page.goto('/register')
    expect(await stranger.page.locator('.entrance-lead').textContent()).toBe(accounts.signUp.leadClosed)
    expect(await stranger.page.locator('form.form').count()).toBe(0)
    await stranger.expectClean()
  })

  test('films of others are hidden, put first and handed over, many at once, by keys alone where one wants', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    const mei = await register(house, 'mei')
    for (const title of ['Harbour at dawn', 'Harbour at night', 'Something else']) {
      const body = { title, visibility: 'public' }
      await house.inject({ method: 'POST', path: '/api/user/mei/videos', body, headers: { authorization: `Bearer ${mei.token}` } })
    }
    await using host = await stage.takeSeat(house)
    const { page } = host
    await signIn(host, 'owner')
    await page.goto('/admin/films')
    await page.getByRole('searchbox', { name: films.words }).fill('harbour')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('rowheader').allTextContents()).toHaveLength(2)
    await host.expectClean()
    // The box of all by the space bar, then the act by Enter.
    await page.getByLabel(studio.chooseAll).focus()
    await page.keyboard.press('Space')
    const many = page.getByRole('group', { name: studio.many })
    await many.getByRole('button', { name: films.hide }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.all-films-hidden').count()).toBe(2)
    await host.expectClean()

    await page.getByRole('button', { name: 'What can be done with “Harbour at dawn”' }).click()
    await page.getByRole('button', { name: films.feature }).click()
    await expect.poll(() => page.locator('.all-films-featured').count()).toBe(1)
    await page.getByLabel(studio.chooseAll).check()
    await many.getByRole('button', { name: films.handOver }).click()
    const dialog = page.getByRole('dialog')
    const unknown = ['404 /api/user/nobodyknows']
    await dialog.getByLabel(films.handOverTo).fill('nobodyknows')
    await dialog.getByRole('button', { name: films.handOver }).click()
    await dialog.getByRole('alert').waitFor()
    await host.expectClean(unknown)
    await dialog.getByLabel(films.handOverTo).fill('owner')
    await dialog.getByRole('button', { name: films.handOver }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    await page.goto('/admin/films?owner=owner')
    await expect.poll(() => page.getByRole('rowheader').allTextContents()).toHaveLength(2)
    await page.getByLabel(studio.chooseAll).check()
    await many.getByRole('button', { name: films.merge }).click()
    await host.expectClean(unknown)
    await dialog.getByRole('button', { name: films.mergeAct }).click()
    await expect.poll(() => page.getByRole('rowheader').allTextContents()).toHaveLength(1)

    await page.goto('/admin/audit')
    const log = (await page.locator('.audit-entry').allTextContents()).join('\n')
    for (const deed of ['put the film Harbour at dawn first', 'handed over the film Harbour at night', 'hid the film Harbour at dawn'])
      expect(log).toContain(deed)
    await host.expectClean(unknown)
  })

  test('a kind of tasks is paused and goes on; a chore is run besides the calendar', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await using host = await stage.takeSeat(house)
    const { page } = host
    await signIn(host, 'owner')
    await page.goto('/admin/tasks')
    const runs = page.getByRole('switch').first()
    expect(await runs.isChecked()).toBe(true)
    await runs.click()
    await expect.poll(() => runs.isChecked()).toBe(false)
    await runs.click()
    await expect.poll(() => runs.isChecked()).toBe(true)
    await page.getByRole('table', { name: en.tasks.choresTitle }).getByRole('button').first().click()
    await expect.poll(() => page.getByRole('table', { name: en.tasks.choresTitle }).textContent()).toContain(en.tasks.results.done)
    await host.expectClean()
  })

  test('members are shown the door of the admin pages, in words', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    await signIn(seat, 'mei')
    expect((await seat.page.goto('/admin/people'))?.status()).toBe(403)
    expect(await seat.page.locator('h1').textContent()).toBe(en.notYoursTitle)
    await seat.expectClean(['403 /admin/people'])
  })
})
