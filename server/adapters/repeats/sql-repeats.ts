import type { Database } from '#server/database/database.ts'
import { Duplicate, Unexpected } from '#server/database/errors.ts'
import { newId } from '#server/lib/id.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Beginning, Repeats } from '#server/ports/repeats.ts'

/** One row a key. The key is unique, so that of many who begin at once one is first; who takes a dead one's place changes the row it saw. */
export function createSqlRepeats(parts: { db: Database<'repeated_call'>; clock: Pick<Clock, 'now'> }): Repeats {
  const { db, clock } = parts
  const find = db.prepareRead(
    (from, value: { key: string }) => from.selectFrom('repeated_call').selectAll().where('key_hash', '=', value.key),
    {
      from: 'primary',
    },
  )
  let begun = 0

  /** Now and then somebody sweeps before them: there is no need of a task for so little. */
  const sweep = async (nowMs: number) => {
    if (begun++ % 64 !== 0) return
    await db.commit([db.build.deleteFrom('repeated_call').where('ends_ms', '<', nowMs)])
  }

  const insert = async (row: { key: string; fingerprint: string; holder: string; heldUntilMs: number; endsMs: number }) => {
    const { key, fingerprint, holder, heldUntilMs, endsMs } = row
    const values = { key_hash: key, fingerprint, holder, held_until_ms: heldUntilMs, ends_ms: endsMs, answer: null }
    await db.commit([db.build.insertInto('repeated_call').values(values)])
  }

  return {
    async begin(key, { fingerprint, leaseMs, lifeMs }): Promise<Beginning> {
      const nowMs = clock.now()
      await sweep(nowMs)
      const mine = { key, fingerprint, holder: newId(nowMs), heldUntilMs: nowMs + leaseMs, endsMs: nowMs + lifeMs }
      for (;;) {
        const [row] = await find({ key })
        if (!row) {
          if (await succeeds(() => insert(mine), Duplicate)) return { state: 'first', holder: mine.holder }
          continue
        }
        if (row.ends_ms > nowMs) {
          if (row.fingerprint !== fingerprint) return { state: 'other' }
          if (row.answer !== null) return { state: 'known', answer: row.answer }
          if (row.held_until_ms > nowMs) return { state: 'running' }
        }
        const take = db.build
          .updateTable('repeated_call')
          .set({ fingerprint, holder: mine.holder, held_until_ms: mine.heldUntilMs, ends_ms: mine.endsMs, answer: null })
          .where('key_hash', '=', key)
          .where('holder', '=', row.holder)
        if (await succeeds(() => db.commit([{ query: take, rows: 1 }]), Unexpected)) return { state: 'first', holder: mine.holder }
      }
    },
    async keep(key, holder, answer) {
      await db.commit([db.build.updateTable('repeated_call').set({ answer }).where('key_hash', '=', key).where('holder', '=', holder)])
    },
    async forget(key, holder) {
      await db.commit([db.build.deleteFrom('repeated_call').where('key_hash', '=', key).where('holder', '=', holder)])
    },
  }
}

/** False where somebody else was quicker. */
async function succeeds(act: () => Promise<unknown>, lost: typeof Duplicate | typeof Unexpected): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (error instanceof lost) return false
    throw error
  }
}
