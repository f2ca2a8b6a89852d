import { expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'

type Parameter = { name: string; schema: { maximum?: number; maxLength?: number; type?: string } }
type Operation = { parameters?: Parameter[] }

test('[T36] no list gives more than a hundred at once, and no text of a query is without an end', async () => {
  await using matinee = await startMatinee('embedded')
  const document = (await matinee.inject({ path: '/api/openapi.json' })).json as { paths: Record<string, Record<string, Operation>> }
  const asked = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters = [] }) => parameters.map((parameter) => ({ path, ...parameter }))),
  )
  const limits = asked.filter(({ name }) => name === 'limit')
  expect(limits.length).toBeGreaterThan(3)
  for (const { path, schema } of limits) expect({ path, maximum: schema.maximum }).toEqual({ path, maximum: 100 })
  for (const { path, schema } of asked.filter(({ name }) => name === 'cursor')) expect(schema.maxLength, path).toBeLessThanOrEqual(512)
  const tooMany = await matinee.inject({ path: '/api/user/nobody/videos?limit=101' })
  expect(tooMany.status).toBe(400)
})
