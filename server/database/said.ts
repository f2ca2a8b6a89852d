import { type Compilable, CompiledQuery, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Dialect } from './dialect.ts'

/** Some lines of a film, and the same as tokens of ASCII, at least three letters each: so no engine passes over a short or a common word. */
export type SaidRow = { id: number; videoId: string; atMs: number; cues: string; tokens: string }

/** What is sought: a run of tokens that follow each other, or the beginning of one. Of letters and digits alone, so that nothing in it can be a sign of a query. */
export type SaidTerm = { run: readonly string[] } | { beginning: string }

export function addSaid({ name }: Dialect, { id, videoId, atMs, cues, tokens }: SaidRow): Compilable[] {
  if (name === 'mysql')
    return [statement('insert into said (id, video_id, at_ms, cues, tokens) values (?, ?, ?, ?, ?)', [id, videoId, atMs, cues, tokens])]
  return [
    statement('insert into said (id, video_id, at_ms, cues) values (?, ?, ?, ?)', [id, videoId, atMs, cues]),
    statement('insert into said_index (rowid, tokens) values (?, ?)', [id, tokens]),
  ]
}

export function removeSaid({ name }: Dialect, videoId: string): Compilable[] {
  const rows = statement('delete from said where video_id = ?', [videoId])
  if (name === 'mysql') return [rows]
  return [statement('delete from said_index where rowid in (select id from said where video_id = ?)', [videoId]), rows]
}

/** All of the terms in the same lines. */
export function saidMatches({ name }: Dialect, terms: readonly SaidTerm[]): RawBuilder<SqlBool> {
  const words = terms.map((term) =>
    'run' in term ? `"${term.run.join(' ')}"` : name === 'mysql' ? `${term.beginning}*` : `"${term.beginning}"*`,
  )
  if (name === 'mysql') return sql<SqlBool>`match (said.tokens) against (${words.map((word) => `+${word}`).join(' ')} in boolean mode)`
  return sql<SqlBool>`said.id in (select rowid from said_index where said_index match ${words.join(' AND ')} limit 1000)`
}

const statement = (text: string, values: unknown[]): Compilable => ({ compile: () => CompiledQuery.raw(text, values) })
