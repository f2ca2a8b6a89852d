import { describe, expect, test } from 'vitest'
import { id, int, json, ms, text } from './column.ts'
import { afterStep } from './model.ts'
import { addColumn, addIndex, createTable, dropColumn, type Step } from './step.ts'

describe('the schema tool refuses what one ground could not keep:', () => {
  const cases: [string, Step[]][] = [
    ['upper case', [createTable('Film', { id: id() }, { primaryKey: ['id'] })]],
    ['a moment without its ending', [createTable('film', { id: id(), born: ms() }, { primaryKey: ['id'] })]],
    ['an index on JSON', [createTable('film', { id: id(), extra: json() }, { primaryKey: ['id'], indexes: [['extra']] })]],
    ['an index that is too long', [createTable('film', { id: id(), title: text(800) }, { primaryKey: ['id'], unique: [['title']] })]],
    ['a default on a long column', [createTable('film', { id: id(), extra: json().default('x') }, { primaryKey: ['id'] })]],
    [
      'a reference that no index begins with',
      [createTable('film', { id: id(), next: id().references('film.id', 'cascade') }, { primaryKey: ['id'] })],
    ],
    ['a required column for rows that lack it', [createTable('film', { id: id() }, { primaryKey: ['id'] }), addColumn('film', 'n', int())]],
    [
      'dropping a column that an index needs',
      [createTable('film', { id: id(), n: int() }, { primaryKey: ['id'], indexes: [['n']] }), dropColumn('film', 'n')],
    ],
    ['a table that is not there', [addIndex('film', 'n')]],
  ]
  test.each(cases)('%s', (_, steps) => {
    expect(() => steps.reduce(afterStep, new Map())).toThrow(TypeError)
  })
})
