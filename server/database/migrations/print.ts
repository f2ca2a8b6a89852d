import type { DialectName } from '../dialect.ts'
import { afterStep, type Model } from '../schema/model.ts'
import { stepSql } from '../schema/sql.ts'
import { migrations } from './index.ts'
import type { Migration } from './migration.ts'

/** The tables as statements, for people who want to see them before a program makes them. */
export function migrateSql(dialect: DialectName, list: readonly Migration[] = migrations): string {
  const parts = [`-- Matinee's tables on ${dialect === 'sqlite' ? 'SQLite' : 'MariaDB or MySQL'}`]
  let model: Model = new Map()
  for (const { name, steps } of list) {
    parts.push(`-- ${name}`)
    for (const step of steps) {
      if (step.do === 'run') parts.push(`-- (rows: ${step.about})`)
      if (step.do === 'raw') parts.push(`-- ${step.about}`)
      parts.push(...stepSql(dialect, model, step).map((sql) => `${sql};`))
      model = afterStep(model, step)
    }
  }
  return `${parts.join('\n\n')}\n`
}
