import { afterEach, expect, test, vi } from 'vitest'
import { whenAwake } from './awake.ts'
import { waitFor } from './wait.ts'

afterEach(() => void vi.unstubAllGlobals())

const hour = 3_600_000
const never = new AbortController().signal

/** A page as the uploader sees it. */
function openPage() {
  const [window, document] = [new EventTarget(), Object.assign(new EventTarget(), { visibilityState: 'visible' })]
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('document', document)
  return { window, document }
}

const isOver = (waited: Promise<void>) =>
  Promise.race([waited.then(() => true), new Promise((resolve) => setImmediate(() => resolve(false)))])

test.for(['online', 'in sight again', 'woken from sleep'] as const)(
  '[F7] a pause of an hour ends at once when the page is %s',
  async (how) => {
    const { window, document } = openPage()
    const waited = waitFor(hour, never, whenAwake)
    window.dispatchEvent(new Event('offline'))
    expect(await isOver(waited)).toBe(false)
    if (how === 'online') window.dispatchEvent(new Event('online'))
    else document.dispatchEvent(new Event(how === 'in sight again' ? 'visibilitychange' : 'resume'))
    await waited
  },
)

test('a page that goes out of sight wakes nobody', async () => {
  const { document } = openPage()
  const ended = new AbortController()
  const waited = waitFor(hour, ended.signal, whenAwake)
  document.visibilityState = 'hidden'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(await isOver(waited)).toBe(false)
  ended.abort(new Error('given up'))
  await expect(waited).rejects.toThrow('given up')
})
