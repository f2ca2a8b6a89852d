import { statSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs } from '#server/testing/visitors.ts'

test('[T31] a fresh house has nobody in it, and keys of its own that only its owner reads', async () => {
  await using one = await startMatinee('embedded')
  await using other = await startMatinee('embedded')
  const statuses = new Set<number>()
  for (const name of ['admin', 'root', 'owner', 'matinee', 'test'])
    statuses.add((await callAs(one)('POST', `/user/${name}`, { password: 'password' })).status)
  expect([...statuses]).toEqual([401])
  expect((await callAs(one)('GET', '/api/site')).json).toMatchObject({ isNew: true })
  expect(statSync(joinPath(one.folder, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(await one.features.accounts.ownerCode()).not.toBe(await other.features.accounts.ownerCode())
})
