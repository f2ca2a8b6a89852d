import { expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'

test('a house opens on an empty folder, answers, and closes', async () => {
  await using matinee = await startMatinee('embedded')
  const nothing = await matinee.inject({ path: '/api/nothing' })
  expect(nothing.status).toBe(404)
  expect((await fetch(`${await matinee.url()}/api/nothing`)).status).toBe(404)
})

test('what one house wrote the next one on the same folder finds', async () => {
  await using first = await startMatinee('embedded')
  await using second = await startMatinee('embedded', { folder: first.folder })
  expect((await second.inject({ path: '/api/nothing' })).status).toBe(404)
})
