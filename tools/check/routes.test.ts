import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkRouteTable } from './routes.ts'
import { openHouse } from './testing/house.ts'

const real = join(import.meta.dirname, '../../server/http/routes-check.ts')

function houseWith(routes: object[]) {
  return openHouse({
    'server/config/load.ts': 'export const loadConfig = () => ({})',
    'server/http/routes-check.ts': `export { checkRoutes } from ${JSON.stringify(real)}`,
    'server/roles/open-house.ts': `export const openHouse = async () => ({ http: { routes: ${JSON.stringify(routes)} }, [Symbol.asyncDispose]: async () => {} })`,
  })
}

test('routes: one that does not say who may call it is refused', async () => {
  using house = houseWith([{ method: 'GET', path: '/secrets', area: 'a', summary: 'Shows.', answers: { 200: null } }])
  expect((await checkRouteTable(house.root)).complaints.join('\n')).toMatch(/GET \/api\/secrets: .*who may call it/)
})

test('routes: a program without any is not a good one', async () => {
  using house = houseWith([])
  expect((await checkRouteTable(house.root)).complaints).toEqual(['the program has no route at all'])
})
