import { describe, expect, test } from 'vitest'
import { Problem } from '#server/lib/problem.ts'
import type { LogFields } from '#server/ports/log.ts'
import { masked } from './mask.ts'
import { openPinoLog } from './pino-log.ts'

function openLog(level: 'debug' | 'info' | 'silent' = 'debug', format: 'json' | 'text' = 'json') {
  const lines: string[] = []
  const log = openPinoLog({ level, format, fields: { role: 'api' }, output: { write: (line) => void lines.push(line) } })
  const said = () => lines.map((line) => JSON.parse(line) as LogFields)
  return { log, lines, said }
}

describe('a log', () => {
  test('writes one line of JSON an event, in UTC, with its fields and those of its parents', () => {
    const { log, lines, said } = openLog()
    log.child({ requestId: 'r1' }).child({ route: '/films' }).info('film.opened', { ms: 12, title: '臥虎藏龍' })
    expect(said()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        role: 'api',
        requestId: 'r1',
        route: '/films',
        ms: 12,
        title: '臥虎藏龍',
        event: 'film.opened',
      },
    ])
    expect(lines[0]?.endsWith('\n')).toBe(true)
  })

  test('changes its level at once, for its children too', () => {
    const { log, said } = openLog('info')
    const child = log.child({ part: 'x' })
    child.debug('a.hidden')
    log.setLevel('debug')
    child.debug('a.shown')
    log.setLevel('silent')
    child.error('a.silent')
    expect(said().map(({ event }) => event)).toEqual(['a.shown'])
    expect(log.level).toBe('silent')
  })

  test('[T6] masks by name at any depth, in children, errors and causes', () => {
    const { log, lines } = openLog()
    const secret = 'planted-5ecret'
    const names = [
      'password',
      'newPassword',
      'passphrase',
      'token',
      'sessionToken',
      'access_token',
      'authorization',
      'Authorization',
      'cookie',
      'set-cookie',
      'secretKey',
      'accessKeySecret',
      'apiKey',
      'api_key',
      'streamKey',
      'privateKey',
      'credentials',
      'recoveryCodes',
      'otp',
      'jwt',
      'signature',
    ]
    for (const name of names) {
      log.info('a.b', { [name]: secret, deep: { list: [{ [name]: [secret] }] } })
      log.child({ [name]: secret }).info('a.b')
      const error = Object.assign(new Error('outer', { cause: Object.assign(new Error('inner'), { [name]: secret }) }), {
        config: { [name]: secret },
      })
      log.error('a.b', { error })
    }
    expect(lines.filter((line) => line.includes(secret))).toEqual([])
    expect(lines.every((line) => line.includes(masked))).toBe(true)
  })

  test('[T6] masks what addresses and headers carry within texts', () => {
    const { log, lines } = openLog()
    const secret = 'planted-5ecret'
    log.info('a.b', {
      url: `/files/1?token=${secret}&x=1`,
      other: `https://h/p?a=1&X-Amz-Signature=${secret}`,
      redis: `redis://user:${secret}@host:6379/0`,
      header: `Bearer ${secret}.${secret}`,
    })
    log.error('a.b', { error: new Error(`connect mysql://matinee:${secret}@db failed`) })
    expect(lines.join('')).not.toContain(secret)
    expect(lines.join('')).toContain('x=1')
  })

  test('leaves what only sounds like a secret', () => {
    const { log, said } = openLog()
    log.info('a.b', { tokensLeft: true, passed: 3, key: 'film:1', keys: ['a'], monkey: 'x', hasPassword: false, code: 'video.not_found' })
    expect(said()[0]).toMatchObject({
      tokensLeft: true,
      passed: 3,
      key: 'film:1',
      keys: ['a'],
      monkey: 'x',
      hasPassword: false,
      code: 'video.not_found',
    })
  })

  test('shows an error with its stack, its fields and its causes', () => {
    const { log, said } = openLog()
    const problem = new Problem('unavailable', 'mail.not_taken', {
      cause: new AggregateError([new Error('one'), new Error('two')], 'both'),
    })
    log.error('mail.failed', { error: problem })
    expect(said()[0]).toMatchObject({
      error: {
        name: 'Problem',
        message: 'mail.not_taken',
        kind: 'unavailable',
        stack: expect.stringContaining('pino-log.test'),
        cause: { message: 'both', errors: [{ message: 'one' }, { message: 'two' }] },
      },
    })
  })

  test('is not to be broken by what it is given', () => {
    const { log, said, lines } = openLog()
    const ring: LogFields = { name: 'ring' }
    ring.self = ring
    const bad = {
      get boom() {
        throw new Error('no')
      },
    }
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]))
    log.info('a.b', {
      ring,
      bad,
      wide,
      big: 10n,
      symbol: Symbol('s'),
      call: () => 1,
      none: undefined,
      bytes: Buffer.alloc(1e6),
      long: 'x'.repeat(1e6),
      map: new Map([[1, 2]]),
      date: new Date(Number.NaN),
    })
    log.info('line\nbreak', { text: 'a\r\n{"level":"error"}', time: 'mine', level: 'mine', event: 'mine' })
    expect(said()).toHaveLength(2)
    expect(lines[0]?.length).toBeLessThan(20_000)
    expect(said()[1]).toMatchObject({ level: 'info', event: 'line\nbreak', time_: 'mine', level_: 'mine', event_: 'mine' })
    expect(lines[1]?.trimEnd()).not.toContain('\n')
  })

  test('for a person at a terminal is one readable line, which can not paint', () => {
    const { log, lines } = openLog('debug', 'text')
    log.warn('film.odd', { title: '霸王別姬', ms: 3, note: 'two words', evil: '\u001b[2J\u0007x' })
    log.error('film.failed', { error: new Error('broken \u001b[31m') })
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}film\.odd role=api title=霸王別姬 ms=3 note="two words" evil=/)
    expect(lines.join('')).not.toContain('\u001b')
    expect(lines[1]).toMatch(/^[\d:.]+ error film\.failed role=api\n {2}Error: broken/)
  })

  test('ends well when the reader of its output has gone away', () => {
    const log = openPinoLog({
      level: 'info',
      format: 'json',
      output: {
        write: () => {},
        flushSync: () => {
          throw new Error('EPIPE')
        },
      },
    })
    log.info('a.b')
    expect(() => log.flush()).not.toThrow()
  })
})
