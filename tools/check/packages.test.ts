import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkPackages, isBelow } from './packages.ts'
import { openHouse } from './testing/house.ts'

test('[T35] a loose version, one below its floor, one without integrity, licence or reason are refused', () => {
  using house = openHouse({ 'docs/dependencies.md': '| package | reason |\n| --- | --- |\n| `ws` | sockets |\n| `gone` | was |\n' })
  const packages = {
    '': {},
    'node_modules/ws': { version: '8.20.1', license: 'MIT', integrity: 'sha512-x' },
    'node_modules/other': { version: '1.0.0', license: 'SSPL-1.0', integrity: 'sha512-x' },
    'node_modules/a/node_modules/nanoid': { version: '3.3.18', license: 'MIT', dev: true, resolved: 'https://example.org/nanoid.tgz' },
  }
  writeFileSync(join(house.root, 'package.json'), JSON.stringify({ dependencies: { ws: '8.20.1', other: '^1.0.0' } }))
  writeFileSync(join(house.root, 'package-lock.json'), JSON.stringify({ packages }))
  expect(checkPackages(house.root, '3.51.2').complaints).toEqual([
    'package.json: other "^1.0.0" is not exact',
    'ws 8.20.1 is below 8.21.0',
    'other 1.0.0: the licence SSPL-1.0 is not on the list',
    'nanoid 3.3.18 has no integrity in package-lock.json',
    expect.stringContaining('nanoid 3.3.18 names a host'),
    'SQLite 3.51.2 is below 3.51.3',
    'docs/dependencies.md: other needs a row with its reason',
    'docs/dependencies.md: gone is no longer a dependency',
  ])
})

test('versions are compared as numbers', () => {
  expect([isBelow('8.9.0', '8.21.0'), isBelow('8.21.0', '8.21.0'), isBelow('10.0.0', '8.21.0'), isBelow('8.21.0', '8.21.1')]).toEqual([
    true,
    false,
    false,
    true,
  ])
})
