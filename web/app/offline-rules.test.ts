import { expect, test } from 'vitest'
import { isAsset, isPage, isPoster, posters, shellFiles, withTheme } from './offline-rules.ts'

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

const film = '1m80vjpkcxhre4mcxsyr'

test('of each film one small picture is kept, and nothing else of it', () => {
  const set = [320, 640].map((width) => `/stream/${film}/poster.avif?w=${width}&amp;r=1 ${width}w`).join(', ')
  expect(posters(`<source srcset="${set}"><img src="/stream/${film}/poster.jpg?w=640&amp;r=1">`)).toEqual([
    `/stream/${film}/poster.avif?w=320&r=1`,
  ])
  const may = (path: string) => isPoster({ url: new URL(path, origin).href, method: 'GET' }, origin)
  expect(may(`/stream/${film}/poster.avif?w=640&r=1`)).toBe(true)
  for (const path of [`/stream/${film}`, `/stream/${film}/master.m3u8`, `/stream/${film}/poster.avif/../1/v360/0.m4s`])
    expect(may(path)).toBe(false)
})

test('the page of a stranger is shown in the theme of the device', () => {
  expect(withTheme('<html lang="en" data-theme="dark"><p data-theme="dark">', 'light')).toBe(
    '<html lang="en" data-theme="light"><p data-theme="dark">',
  )
})
