import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { openStage, password, register, type Seat } from './stage.ts'
import { texts } from './texts.ts'

const { accounts, settings, shell, pages } = texts.en

describeWith('chromium')('by keyboard alone', { timeout: 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test('one comes in, goes to the settings, opens a dialog and leaves it; the focus is always to be seen', async () => {
    await using house = await stage.openHouse()
    await register(house, 'owner')
    await register(house, 'mei')
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await page.goto('/')
    await page.keyboard.press('Tab')
    expect(await focused(seat)).toBe(shell.frame.skip)
    await tabTo(seat, shell.account.signIn)
    await page.keyboard.press('Enter')
    await page.waitForURL('/login')
    await expect.poll(() => focused(seat)).toBe(accounts.signIn.username)
    await page.keyboard.type('mei')
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.waitForURL('/')
    await tabTo(seat, shell.account.menu.replace('{name}', 'mei'))
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(seat)).toBe(shell.account.menu.replace('{name}', 'mei'))
    await page.keyboard.press('Enter')
    await tabTo(seat, shell.account.settings)
    await page.keyboard.press('Enter')
    await page.locator('.sections').waitFor()
    await tabTo(seat, settings.sections.security)
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: settings.secondFactor.title }).waitFor()
    await tabTo(seat, settings.secondFactor.turnOn)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    // The dialog holds the focus, and gives it back.
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      expect(
        await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest('dialog'))),
      ).toBe(true)
    }
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(seat)).toBe(settings.secondFactor.turnOn)
    await seat.expectClean()
  })

  test('a slash leads to the search field, and into no field where one writes', async () => {
    await using house = await stage.openHouse()
    await using seat = await stage.takeSeat(house)
    const { page } = seat
    await page.goto('/')
    // Pressed until somebody listens: the page answers to keys once its script stands.
    await expect.poll(() => page.keyboard.press('/').then(() => focused(seat))).toBe(shell.places.search)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('a/b')
    await page.keyboard.press('Enter')
    await page.waitForURL('/search?q=a%2Fb')
    await expect.poll(() => page.locator('main h1').textContent()).toBe(pages.search.titleFor.replace('{words}', 'a/b'))
    await seat.expectClean()
  })
})

/** Presses Tab until what bears this name has the focus; each stop on the way must show that it has it. */
async function tabTo(seat: Seat, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await seat.page.keyboard.press('Tab')
    expect(await isSeen(seat)).toBe(true)
    if ((await focused(seat)) === name) return
  }
  throw new Error(`The keyboard does not reach “${name}”.`)
}

async function focused({ page }: Seat): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement
    if (!element) return ''
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((label) => label.textContent).join() : ''
    return (element.getAttribute('aria-label') ?? (labels || element.textContent)).trim()
  })
}

async function isSeen({ page }: Seat): Promise<boolean> {
  return await page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return true
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  })
}
