import { expect, test } from 'vitest'
import type { Repeats } from '#server/ports/repeats.ts'

type Opened = AsyncDisposable & {
  here: Repeats
  /** Another process’s. */
  there: Repeats
  passes(ms: number): void
}

const call = { fingerprint: 'f', leaseMs: 1000, lifeMs: 60_000 }
const holderOf = (begun: Awaited<ReturnType<Repeats['begin']>>) => (begun.state === 'first' ? begun.holder : '')

export function repeatsContract(name: string, open: () => Promise<Opened>): void {
  test(`${name}: of ten who begin at once one is first, and the others hear that it runs`, async () => {
    await using opened = await open()
    const begun = await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? opened.here : opened.there).begin('a', call)))
    expect(begun.map(({ state }) => state).sort()).toEqual(['first', ...Array.from({ length: 9 }, () => 'running')])
  })

  test(`${name}: what was kept is answered, from any process, until its life ends`, async () => {
    await using opened = await open()
    const holder = holderOf(await opened.here.begin('a', call))
    await opened.here.keep('a', holder, 'the answer 答案')
    expect(await opened.there.begin('a', call)).toEqual({ state: 'known', answer: 'the answer 答案' })
    expect(await opened.there.begin('a', { ...call, fingerprint: 'g' })).toEqual({ state: 'other' })
    expect(await opened.there.begin('b', call)).toMatchObject({ state: 'first' })
    opened.passes(60_001)
    expect(await opened.there.begin('a', { ...call, fingerprint: 'g' })).toMatchObject({ state: 'first' })
  })

  test(`${name}: what came to nothing begins anew`, async () => {
    await using opened = await open()
    const holder = holderOf(await opened.here.begin('a', call))
    await opened.there.forget('a', 'somebody else')
    expect(await opened.here.begin('a', call)).toEqual({ state: 'running' })
    await opened.there.forget('a', holder)
    expect(await opened.here.begin('a', call)).toMatchObject({ state: 'first' })
  })

  test(`${name}: who falls silent loses the key, and coming back late keeps nothing`, async () => {
    await using opened = await open()
    const late = holderOf(await opened.here.begin('a', call))
    opened.passes(1001)
    const begun = await Promise.all([opened.here.begin('a', call), opened.there.begin('a', call)])
    expect(begun.map(({ state }) => state).sort()).toEqual(['first', 'running'])
    await opened.here.keep('a', late, 'late')
    await opened.here.forget('a', late)
    expect(await opened.here.begin('a', call)).toEqual({ state: 'running' })
    await opened.there.keep('a', begun.map(holderOf).join(''), 'new')
    expect(await opened.here.begin('a', call)).toEqual({ state: 'known', answer: 'new' })
  })
}
