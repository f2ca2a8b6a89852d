import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { lookAtPages } from './pages.ts'

function openCheckout() {
  const root = mkdtempSync(join(tmpdir(), 'matinee-pages-'))
  return {
    root,
    write(path: string, second: number) {
      const whole = join(root, path)
      mkdirSync(dirname(whole), { recursive: true })
      writeFileSync(whole, '')
      utimesSync(whole, second, second)
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

test('pages that are older than what they are built from are named, with what to do', async () => {
  using checkout = openCheckout()
  checkout.write('web/app/app.tsx', 100)
  expect(await lookAtPages(checkout.root)).toMatchObject({ state: 'note', text: expect.stringMatching(/not built.*npm start/) })
  checkout.write('dist/web/manifest.json', 200)
  checkout.write('web/app/app.test.tsx', 300)
  expect(await lookAtPages(checkout.root)).toMatchObject({ state: 'fine' })
  checkout.write('shared/language.ts', 300)
  expect(await lookAtPages(checkout.root)).toMatchObject({ state: 'note', text: expect.stringMatching(/older.*npm run build/) })
  checkout.write('dist/.matinee-web', 400)
  expect(await lookAtPages(checkout.root)).toMatchObject({ state: 'fine' })
})
