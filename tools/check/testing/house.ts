import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const checkout = join(import.meta.dirname, '../../..')

export type House = Disposable & { root: string; plant(path: string, text: string): House }

/** A small house to plant breaches in: nothing but the files it is given, and the project's own settings. */
export function openHouse(files: Record<string, string> = {}): House {
  const root = mkdtempSync(join(tmpdir(), 'matinee-house-'))
  const house: House = {
    root,
    plant: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
      return house
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
  for (const name of ['package.json', 'tsconfig.json', 'biome.json', '.oxlintrc.json', 'knip.json', '.gitignore']) {
    cpSync(join(checkout, name), join(root, name))
  }
  for (const [path, text] of Object.entries(files)) house.plant(path, text)
  return house
}
