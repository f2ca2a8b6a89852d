import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { askedFor, blockOf, openUploadsCore } from '#server/testing/uploads-core.ts'

const blockBytes = 2 ** 20
const blocks = 8

// It asks the system what this process has read.
describe.runIf(process.platform === 'linux')('Of a file that arrives', () => {
  test('nothing is read again where its bytes come in their order; otherwise only what had to wait', async () => {
    await using core = await openUploadsCore()
    const service = await core.process()
    let opened = 0
    const readWhile = async (order: readonly number[]) => {
      const bytes = randomBytes(blocks * blockBytes)
      const { id } = await service.openTask(askedFor(core.root, String(++opened), bytes.length))
      const before = await readBytes()
      for (const n of order) await service.takeBlock(id, blockOf(bytes, n * blockBytes, (n + 1) * blockBytes))
      await service.settle(id)
      const { state } = await service.get(id)
      expect(state).toBe('stored')
      return ((await readBytes()) - before) / blockBytes
    }
    await readWhile([0, 1, 2, 3, 4, 5, 6, 7])
    expect(await readWhile([0, 1, 2, 3, 4, 5, 6, 7])).toBeLessThan(1)
    const late = await readWhile([0, 1, 2, 3, 6, 7, 4, 5])
    expect(late).toBeGreaterThan(1.9)
    expect(late).toBeLessThan(3)
  })
})

async function readBytes(): Promise<number> {
  return Number(/rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1])
}
