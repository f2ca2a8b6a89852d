import { createHash } from 'node:crypto'
import { createChance } from '#server/lib/seed.ts'

/** The bytes of a recorded file, made again where they are looked for. */
export function fileOf(seed: number, n: number): Buffer {
  const size = createChance(seed * 1000 + n).whole(9000, 60_000)
  const pieces = Array.from({ length: Math.ceil(size / 32) }, (_, i) => createHash('sha256').update(`${seed} ${n} ${i}`).digest())
  return Buffer.concat(pieces).subarray(0, size)
}
