import { expect, test } from 'vitest'
import type { PageMarks } from '#shared/page.ts'
import { createRememberedPages } from './remembered.ts'

const textOf = (html: string | Uint8Array) => (typeof html === 'string' ? html : Buffer.from(html).toString())

function open(mostBytes = 2 ** 20) {
  const pages = createRememberedPages({ mostBytes })
  let rendered = 0
  const show = async (of: string | undefined, marks: PageMarks, words = of ?? '') => {
    const render = async ({ formToken, nowMs }: PageMarks) => {
      rendered++
      return { status: 200, language: 'en' as const, html: `<p>${words}</p><input value="${formToken}"><i>${formToken} ${nowMs}</i>` }
    }
    return textOf((await pages.show({ of, render }, marks)).html)
  }
  return { show, rendered: () => rendered }
}

test('a page that says the same is rendered once, and carries the marks of whoever looks', async () => {
  const { show, rendered } = open()
  expect(await show('电影', { formToken: 'ann', nowMs: 1 })).toBe('<p>电影</p><input value="ann"><i>ann 1</i>')
  expect(await show('电影', { formToken: 'bob', nowMs: 22 })).toBe('<p>电影</p><input value="bob"><i>bob 22</i>')
  expect(rendered()).toBe(1)
  expect(await show('another', { formToken: '$&', nowMs: 3 })).toBe('<p>another</p><input value="$&"><i>$& 3</i>')
  expect(rendered()).toBe(2)
})

test('a page that would hardly be the same again is kept nowhere, and what is kept is bounded', async () => {
  const { show, rendered } = open(3000)
  for (const at of [1, 2]) await show(undefined, { formToken: 'ann', nowMs: at }, 'failed')
  expect(rendered()).toBe(2)
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'a']) await show(name, { formToken: 'ann', nowMs: 1 })
  expect(rendered()).toBe(11)
  await show('h', { formToken: 'ann', nowMs: 1 })
  expect(rendered()).toBe(11)
})
