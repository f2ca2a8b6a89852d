import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A film that has been taken in: where it lay, what it held, and what it became. */
export type Known = { path: string; size: number; modifiedMs: number; sha256: string; videoId: string; isDone: boolean }

/** What has been taken in for one person: a line when a film is begun, another when it is safe. */
export async function openMemory(dataDir: string, accountId: string) {
  const folder = join(dataDir, 'imports')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${createHash('sha256').update(accountId).digest('hex').slice(0, 24)}.jsonl`)
  const text = await readFile(path, 'utf8').catch(() => '')
  const known = text.split('\n').flatMap((line) => parse(line) ?? [])
  const file = await open(path, 'a')
  return {
    /** The same file as it lay there. */
    at: ({ path: at, size, modifiedMs }: Pick<Known, 'path' | 'size' | 'modifiedMs'>) =>
      known.findLast((one) => one.path === at && one.size === size && one.modifiedMs === modifiedMs),
    /** The same bytes, wherever they lay. */
    holding: (sha256: string) => known.findLast((one) => one.sha256 === sha256),
    async keep(one: Known): Promise<void> {
      known.push(one)
      await file.appendFile(`${JSON.stringify(one)}\n`)
      await file.sync()
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** A line that a crash cut off says nothing. */
function parse(line: string): Known | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as Known)
  } catch {
    return undefined
  }
}
