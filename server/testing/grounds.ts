import { describe } from 'vitest'

/** What must be installed for a distributed ground; `npm test` installs it where it can and says in MATINEE_TEST_MISSING where it could not. */
export type Part = 'mariadb' | 'redis' | 's3' | 'nginx' | 'chromium' | 'ffmpeg'

const embeddedOnly = process.env.MATINEE_TEST_GROUND === 'embedded'
const missing = new Set((process.env.MATINEE_TEST_MISSING ?? '').split(',').filter(Boolean))

/** Under CI a missing part is no reason to skip: its tests run, and fail. */
function stands(...parts: Part[]): boolean {
  if (embeddedOnly) return false
  return process.env.CI ? true : parts.every((part) => !missing.has(part))
}

export type Ground = 'embedded' | 'distributed'

/** The grounds of this run: `npm test` walks both, `npm run test:embedded` one. */
export const grounds = {
  embedded: true,
  distributed: stands('mariadb', 'redis', 's3'),
  list: (stands('mariadb', 'redis', 's3') ? ['embedded', 'distributed'] : ['embedded']) as readonly Ground[],
}

/** A suite that needs the real thing: `describeWith('redis')('the Redis bus', () => …)`. */
export function describeWith(...parts: Part[]) {
  return describe.runIf(stands(...parts))
}

/** `npm run test:long`: the counts that the figures ask for. */
export const isLong = process.env.MATINEE_TEST_LONG === '1'

export function times(short: number, long: number): number {
  return isLong ? long : short
}

/** What must happen within `ms` by its figure: that is asked of a machine that has nothing else to do, by `npm run test:long`; a crowded one gets ten times as long. */
export function soon(ms: number): number {
  return isLong ? ms : 500 + ms * 10
}
