import { expect, test } from 'vitest'
import { isAsset, isPage, shellFiles } from './offline-rules.ts'

const origin = 'https://cinema.example'

test.each([
  ['/assets/app-1a2b.js', 'GET', true],
  ['/icons/192.png', 'GET', true],
  ['/api/me', 'GET', false],
  ['/api/avatars/x.webp', 'GET', false],
  ['/stream/v1/master.m3u8', 'GET', false],
  ['/assets/../api/me', 'GET', false],
  ['/assets/app-1a2b.js', 'POST', false],
])('%s by %s may be kept: %s', (path, method, may) => {
  expect(isAsset({ url: new URL(path, origin).href, method }, origin)).toBe(may)
})

test('files of other origins are never kept', () => {
  expect(isAsset({ url: 'https://elsewhere.example/assets/app.js', method: 'GET' }, origin)).toBe(false)
})

test('a page is asked for by navigation; a form that is sent goes past', () => {
  expect(isPage({ mode: 'navigate', method: 'GET' })).toBe(true)
  expect(isPage({ mode: 'navigate', method: 'POST' })).toBe(false)
  expect(isPage({ mode: 'cors', method: 'GET' })).toBe(false)
})

test('the files of a page are found, each once, and nothing but them', () => {
  const html = `<link rel="stylesheet" href="/assets/a-1.css"><script src="/assets/b-2.js"></script><link href="/assets/a-1.css"><a href="/login">`
  expect(shellFiles(html)).toEqual(['/assets/a-1.css', '/assets/b-2.js'])
})
