import { randomFillSync } from 'node:crypto'

const digits = '0123456789abcdefghjkmnpqrstvwxyz'
const timeLength = 9
const chanceLength = 11

/** 20 characters: 45 bits of milliseconds, so that ids sort by birth, then 55 bits of chance, so that none can be guessed. */
export function newId(nowMs: number = Date.now()): string {
  let id = ''
  let rest = nowMs
  for (let i = 0; i < timeLength; i++) {
    id = digits.charAt(rest % 32) + id
    rest = Math.floor(rest / 32)
  }
  const chance = randomFillSync(new Uint8Array(chanceLength))
  for (const byte of chance) id += digits.charAt(byte & 31)
  return id
}
