import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { exact, fromServer } from '#shared/messages/message.ts'
import { messageText, OutOfCatalogue, toMessageText } from './message-text.ts'

const said = fromServer({ kind: 'club.said', summary: 'Said.', body: exact({ text: Type.String(), by: exact({ name: Type.String() }) }) })

test('a message is its kind and its body, an entry of a log has a number', () => {
  expect(JSON.parse(toMessageText(said, { text: '"你好"', by: { name: 'ann' } }))).toEqual({
    t: 'club.said',
    d: { text: '"你好"', by: { name: 'ann' } },
  })
  expect(JSON.parse(messageText('a.b', '{"c":1}', 7))).toEqual({ t: 'a.b', d: { c: 1 }, n: 7 })
})

test('[RT3] [T9] no field leaves that the catalogue does not name, however deep', () => {
  const smuggled = { text: 'hi', by: { name: 'ann', callback: 'alert(1)' } }
  expect(() => toMessageText(said, smuggled)).toThrow(OutOfCatalogue)
  expect(() => toMessageText(said, { text: 'hi' } as never)).toThrow(/club\.said/)
})
