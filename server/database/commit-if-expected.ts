import type { Database, Statement } from './database.ts'
import { Unexpected } from './errors.ts'

/** False, and nothing changed, when a statement did not meet as many rows as it says. */
export async function commitIfExpected(db: Pick<Database<never>, 'commit'>, statements: readonly Statement[]): Promise<boolean> {
  try {
    await db.commit(statements)
    return true
  } catch (error) {
    if (error instanceof Unexpected) return false
    throw error
  }
}
