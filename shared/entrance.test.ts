import { expect, test } from 'vitest'
import { entranceFor, targetOf } from './entrance.ts'

const film = '/watch/1m80vjpkcxhre4mcxsyr'
const asked = (to: string) => targetOf(new URLSearchParams({ to }))

test('who comes in goes back to the film they came from, to a place that has a name, or home', () => {
  expect(entranceFor(film)).toBe(`/login?to=${film.slice(1)}`)
  expect(entranceFor(film, '/register')).toBe(`/register?to=${film.slice(1)}`)
  expect(asked(film.slice(1))).toBe(film)
  expect(asked('settings')).toBe('/settings')
  for (const path of ['/', '/login', '/tag/x', '/watch/short']) expect(entranceFor(path)).toBe('/login')
})

test('nobody is sent to an address that somebody else wrote', () => {
  for (const to of ['', '//evil.example', 'https://evil.example', 'watch/../admin', `${film.slice(1)}/..`, 'constructor', '/watch'])
    expect(asked(to)).toBe('/')
})
