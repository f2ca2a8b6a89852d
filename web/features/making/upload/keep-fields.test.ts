import { expect, test } from 'vitest'
import type { ChangeVideoBody } from '#shared/api/videos.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { type FieldName, type FilmFields, newFields } from '../fields/film-fields.ts'
import { FieldKeeper } from './keep-fields.ts'

/** A film's fields and a server that answers when the test says so. */
function openFields() {
  let fields: FilmFields = newFields('film.mp4')
  const unsaved = new Set<FieldName>()
  const sent: { change: ChangeVideoBody; answer: PromiseWithResolvers<void> }[] = []
  let isBegun = false
  const keeper = new FieldKeeper({
    fields: () => fields,
    unsaved,
    hasPassword: () => false,
    send: () =>
      isBegun
        ? (change) => {
            const answer = Promise.withResolvers<void>()
            sent.push({ change, answer })
            return answer.promise
          }
        : undefined,
    changed: () => undefined,
  })
  const write = (some: Partial<FilmFields>) => {
    fields = { ...fields, ...some }
    for (const name of Object.keys(some) as FieldName[]) keeper.touched(name)
  }
  return { keeper, unsaved, sent, write, begin: () => void (isBegun = true) }
}

test('what is typed before the film is begun is held; what is typed while it is being saved goes with the next', async () => {
  const { keeper, unsaved, sent, write, begin } = openFields()
  write({ title: 'Rain' })
  await keeper.flush()
  expect([keeper.keeping, sent.length]).toEqual([{ state: 'held' }, 0])
  begin()
  const kept = keeper.flush()
  write({ title: 'Rain, again', tags: ['雨'] })
  sent[0]?.answer.resolve()
  await expect.poll(() => sent.length).toBe(2)
  sent[1]?.answer.resolve()
  await kept
  expect(sent.map(({ change }) => change)).toEqual([{ title: 'Rain' }, { title: 'Rain, again', tags: ['雨'] }])
  expect([keeper.keeping, [...unsaved]]).toEqual([{ state: 'kept' }, []])
})

test('what the house refuses stays unsaved with its reason, until something else is typed', async () => {
  const { keeper, unsaved, sent, write, begin } = openFields()
  begin()
  write({ title: 'Rain' })
  const kept = keeper.flush()
  const failure = new ApiFailure({ kind: 'refused', status: 400, code: 'http.wrong_fields', text: 'No.', fields: [] })
  sent[0]?.answer.reject(failure)
  await kept
  expect([keeper.keeping, [...unsaved], sent.length]).toEqual([{ state: 'failed', failure }, ['title'], 1])
})
