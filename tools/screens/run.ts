import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { type ChromiumPart, openChromium } from '../../server/testing/parts/chromium.ts'
import { type Cinema, choose, openClub, openEmpty } from './cinema.ts'
import { type Look, type Scene, scenes, usualLooks } from './scenes.ts'

/** `npm run screens [-- SCENE…] [-- --to FOLDER]`: pictures of every page, of a house with people and films in it and of an empty one. */
const root = join(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: 'string', default: join(root, 'docs/screens') } },
})
const wanted = scenes.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const devices = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
}

const folder = await mkdtemp(join(tmpdir(), 'matinee-screens-'))
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort())
let missed = 0
try {
  await mkdir(values.to, { recursive: true })
  if (positionals.length === 0) await removePictures()
  await using chromium = await openChromium()
  for (const house of ['empty', 'club'] as const) missed += await takeAll(chromium, house)
} catch (error) {
  // Whoever ends it early has ended what it asked for: the houses and the browser are closed all the same.
  if (!ending.signal.aborted) throw error
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (ending.signal.aborted) process.exit(130)
const sizes = await Promise.all((await readdir(values.to)).map(async (name) => (await stat(join(values.to, name))).size))
say(`${sizes.length} files, ${(sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20).toFixed(1)} MiB in ${values.to}`)
process.exit(missed > 0 ? 1 : 0)

async function removePictures(): Promise<void> {
  const old = (await readdir(values.to)).filter((name) => name.endsWith('.webp'))
  await Promise.all(old.map((name) => rm(join(values.to, name))))
}

/** Answers how many could not be taken. */
async function takeAll(chromium: ChromiumPart, house: Scene['house']): Promise<number> {
  const sittings = wanted
    .filter((scene) => scene.house === house)
    .flatMap((scene) => (scene.looks ?? usualLooks).map((look) => ({ scene, look })))
  if (sittings.length === 0) return 0
  await using cinema = house === 'empty' ? await openEmpty(join(folder, house)) : await openClub(folder, { say, signal: ending.signal })
  let failures = 0
  for (const { scene, look } of sittings) {
    ending.signal.throwIfAborted()
    if (!(await take(chromium, { cinema, scene, look }))) failures++
  }
  return failures
}

type Sitting = { cinema: Cinema; scene: Scene; look: Look }

async function take(chromium: ChromiumPart, { cinema, scene, look }: Sitting): Promise<boolean> {
  const [device, theme, language] = look.split(' ') as ['desktop' | 'phone', 'dark' | 'light', string]
  const path = typeof scene.path === 'function' ? scene.path(cinema) : scene.path
  const name = `${scene.name}-${device}-${theme}-${language}.webp`
  if (path === undefined) return complain(name, 'there is nothing to show')

  await using tab = await chromium.openTab({
    origin: cinema.origin,
    locale: language,
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...devices[device],
  })
  const { page } = tab
  try {
    await page.context().addCookies([{ name: 'theme', value: theme, url: cinema.origin }])
    if (scene.as) await signIn(page, cinema, { username: scene.as === 'owner' ? cinema.owner : scene.as, language })
    await page.goto(path, { waitUntil: 'load' })
    await page.locator('main h1, main h2').first().waitFor({ state: 'attached' })
    await page.waitForLoadState('networkidle', { timeout: 8000 }).catch(() => undefined)
    await scene.act?.(page)
    const picture = await page.screenshot({ animations: 'disabled' })
    await sharp(picture).webp({ quality: 80, effort: 5 }).toFile(join(values.to, name))
    say(name)
    return true
  } catch (error) {
    return complain(name, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
  }
}

async function signIn(page: Page, cinema: Cinema, { username, language }: { username: string; language: string }): Promise<void> {
  await choose(cinema, username, language)
  await page.goto('/login')
  await page.fill('[name=username]', username)
  await page.fill('[name=password]', cinema.password)
  await page.click('form.form button[type=submit]')
  await page.waitForURL('/')
}

function complain(name: string, why: string): false {
  say(`${name}: ${why}`)
  return false
}

function say(line: string): void {
  console.log(line)
}
