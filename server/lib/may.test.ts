import { describe, expect, test } from 'vitest'
import { actions, demand, may } from './may.ts'
import { Problem } from './problem.ts'
import type { Person, Role, Viewer } from './viewer.ts'

const person = (role: Role, accountId = `a-${role}`, more: Partial<Person> = {}): Viewer => ({
  kind: 'person',
  accountId,
  username: accountId,
  role,
  sessionId: 's',
  via: 'bearer',
  language: 'en',
  timeZone: 'UTC',
  address: '::1',
  ...more,
})
const stranger: Viewer = { kind: 'stranger', language: 'en', address: '::1' }
const roles: Role[] = ['owner', 'admin', 'moderator', 'member']
const account = (role: Role, accountId = 'x') => ({ accountId, role })

describe('who may', () => {
  test('see a profile: everybody, people, or only its person and moderators', () => {
    const seen = (audience: 'everyone' | 'members' | 'nobody') =>
      [stranger, person('member'), person('moderator'), person('member', 'x')].map((viewer) =>
        may(viewer, 'profile.see', { accountId: 'x', audience }),
      )
    expect(seen('everyone')).toEqual([true, true, true, true])
    expect(seen('members')).toEqual([false, true, true, true])
    expect(seen('nobody')).toEqual([false, false, true, true])
  })

  test('change an account: only its person', () => {
    expect(may(person('member', 'x'), 'account.change', account('member'))).toBe(true)
    for (const viewer of [stranger, ...roles.map((role) => person(role))])
      expect(may(viewer, 'account.change', account('member'))).toBe(false)
  })

  test('manage a person: an admin strictly above, never oneself', () => {
    const table = roles.map((actor) => roles.map((subject) => may(person(actor), 'person.manage', account(subject))))
    expect(table).toEqual([
      [false, true, true, true],
      [false, false, true, true],
      [false, false, false, false],
      [false, false, false, false],
    ])
    expect(may(person('owner', 'x'), 'person.manage', account('member'))).toBe(false)
    expect(may(stranger, 'person.manage', account('member'))).toBe(false)
  })

  test('give a role: the owner any, an admin none that is theirs or higher, nobody their own', () => {
    const given = (actor: Role, subject: Role) => roles.filter((to) => may(person(actor), 'person.role', { ...account(subject), to }))
    expect(given('owner', 'member')).toEqual(roles)
    expect(given('admin', 'member')).toEqual(['moderator', 'member'])
    expect(given('admin', 'admin')).toEqual([])
    expect(given('moderator', 'member')).toEqual([])
    expect(may(person('admin', 'x'), 'person.role', { accountId: 'x', role: 'member', to: 'member' })).toBe(false)
  })

  test('whoever must set up a second factor may see to themselves and nothing else', () => {
    const viewer = person('owner', 'x', { needsSecondFactor: true })
    expect(may(viewer, 'account.change', account('owner'))).toBe(true)
    expect(may(viewer, 'people.list')).toBe(false)
    expect(() => demand(viewer, 'people.list')).toThrow(expect.objectContaining({ code: 'second_factor.needed' }))
  })

  test('a refusal says whether logging in would help', () => {
    const refusal = (viewer: Viewer) => {
      try {
        demand(viewer, 'settings.change')
      } catch (error) {
        if (error instanceof Problem) return [error.kind, error.code]
      }
      return undefined
    }
    expect(refusal(stranger)).toEqual(['unauthenticated', 'session.needed'])
    expect(refusal(person('member'))).toEqual(['forbidden', 'access.forbidden'])
    expect(refusal(person('admin'))).toBeUndefined()
  })

  test('a fault is a no: a hundred broken things, none let through', () => {
    const broken: unknown[] = [
      undefined,
      null,
      0,
      '',
      'x',
      [],
      () => true,
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('fault')
          },
        },
      ),
    ]
    const viewers: unknown[] = [
      undefined,
      null,
      {},
      { kind: 'person' },
      { kind: 'person', role: 'emperor', accountId: undefined },
      stranger,
    ]
    let asked = 0
    for (const viewer of viewers) {
      for (const thing of broken) {
        for (const action of [...actions, 'toString', '__proto__', 'no.such']) {
          asked++
          const answer = (may as (...all: unknown[]) => boolean)(viewer, action, thing)
          expect(answer, `${action} by ${JSON.stringify(viewer)}`).toBe(false)
        }
      }
    }
    expect(asked).toBeGreaterThan(100)
  })
})
