import { assert, constantFrom, integer, array, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseByteCount, toBlockRange } from './block-range.ts'
import { moveTask, openedTask, type TaskEvent, type TaskState } from './task-state.ts'

const sha256 = 'ab'.repeat(32)
const all: TaskEvent = { kind: 'held', range: { start: 0, end: 10 } }
const after = (...events: TaskEvent[]) => events.reduce<TaskState>((task, event) => moveTask(task, event, 10) ?? task, openedTask(10))

describe('A block', () => {
  test('[U1] its own length tells the exclusive spelling of its end from the inclusive one', () => {
    const block = { startByte: 5, length: 10, fileSize: 20 }
    expect(toBlockRange({ ...block, endByte: 15 })).toEqual({ start: 5, end: 15 })
    expect(toBlockRange({ ...block, endByte: 14 })).toEqual({ start: 5, end: 15 })
    for (const endByte of [0, 5, 13, 16, 20]) expect(toBlockRange({ ...block, endByte })).toBeUndefined()
  })

  test('[U1] it ends within the file', () => {
    expect(toBlockRange({ startByte: 10, endByte: 20, length: 10, fileSize: 20 })).toEqual({ start: 10, end: 20 })
    expect(toBlockRange({ startByte: 10, endByte: 20, length: 10, fileSize: 19 })).toBeUndefined()
    expect(toBlockRange({ startByte: 20, endByte: 19, length: 0, fileSize: 20 })).toBeUndefined()
  })

  test('[U2] its numbers may come as text, and are exact or refused', () => {
    expect(['345000000', 345_000_000, '0', 2 ** 53 - 1].map(parseByteCount)).toEqual([345_000_000, 345_000_000, 0, 2 ** 53 - 1])
    const wrong = [
      '',
      ' 1',
      '1.0',
      '-1',
      '+1',
      '1e3',
      '0x10',
      '9007199254740993',
      2 ** 53,
      -1,
      0.5,
      Number.NaN,
      null,
      undefined,
      true,
      [1],
      {},
    ]
    expect(wrong.map(parseByteCount)).toEqual(wrong.map(() => undefined))
  })
})

describe('A task', () => {
  test('[U3] a paused one refuses blocks until it is resumed, and keeps what it holds', () => {
    const held = after({ kind: 'held', range: { start: 2, end: 5 } }, { kind: 'pause' })
    expect(held).toEqual({ state: 'paused', held: [{ start: 2, end: 5 }] })
    expect(moveTask(held, all, 10)).toBeUndefined()
    expect(moveTask(held, { kind: 'resume' }, 10)).toEqual({ state: 'open', held: [{ start: 2, end: 5 }] })
  })

  test('[U3] no block is counted that ends behind the file, nor when the task is over', () => {
    expect(moveTask(openedTask(10), { kind: 'held', range: { start: 0, end: 11 } }, 10)).toBeUndefined()
    for (const task of [after(all), after({ kind: 'cancel', why: 'asked' })]) expect(moveTask(task, all, 10)).toBeUndefined()
  })

  test('[U4] the whole is verified with its last byte, and a file of no bytes at once', () => {
    const rest: TaskEvent = { kind: 'held', range: { start: 4, end: 10 } }
    expect(after(rest).state).toBe('open')
    expect(moveTask(after(rest), { kind: 'verified', sha256 }, 10)).toBeUndefined()
    expect(after(rest, { kind: 'held', range: { start: 0, end: 4 } })).toEqual({ state: 'verifying' })
    expect(openedTask(0)).toEqual({ state: 'verifying' })
  })

  test('[U5] a wrong whole asks again for what is doubted, and for all when nothing in particular is', () => {
    expect(after(all, { kind: 'wrong', doubted: [{ start: 3, end: 6 }] })).toEqual({
      state: 'open',
      held: [
        { start: 0, end: 3 },
        { start: 6, end: 10 },
      ],
    })
    expect(after(all, { kind: 'wrong', doubted: [] })).toEqual({ state: 'open', held: [] })
  })

  test('[U6] what was verified is stored and not cancelled; ends are kept in any order and repetition of events', () => {
    const verified: TaskEvent[] = [all, { kind: 'verified', sha256 }]
    expect(after(...verified, { kind: 'cancel', why: 'idle' }).state).toBe('verified')
    const kinds = constantFrom<TaskEvent>(
      all,
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'verified', sha256: 'other' },
      { kind: 'wrong', doubted: [] },
      { kind: 'stored' },
      { kind: 'cancel', why: 'gone' },
    )
    const ends = [after(...verified, { kind: 'stored' }), after({ kind: 'cancel', why: 'asked' })]
    expect(ends).toEqual([
      { state: 'stored', sha256 },
      { state: 'cancelled', why: 'asked' },
    ])
    assert(
      property(tuple(constantFrom(...ends), array(kinds), integer({ min: 0, max: 10 })), ([end, events, size]) => {
        for (const event of events) expect(moveTask(end, event, size)).toBeUndefined()
      }),
    )
  })
})
