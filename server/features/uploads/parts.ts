import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { asideOf, dropAside, syncFile } from './places.ts'
import { Refusal } from './refusal.ts'
import type { TaskRow } from './store.ts'
import type { Tasks } from './tasks.ts'

const idsOf = ({ parts }: TaskRow): number[] => (JSON.parse(parts ?? '[]') as unknown[]).filter((id) => typeof id === 'number')

/** tus, "Concatenation": the bytes of the parts, one after the other. May be repeated. False: a part is gone. */
export async function bringParts({ tasks, signal }: { tasks: Tasks; signal: AbortSignal }, row: TaskRow): Promise<boolean> {
  const aside = asideOf(row.root, row.id)
  let at = 0
  for (const id of idsOf(row)) {
    const part = await find(tasks, id)
    if (part?.state !== 'verifying') return false
    if (part.size > 0)
      await pipeline(createReadStream(asideOf(part.root, id)), createWriteStream(aside, { flags: 'r+', start: at }), { signal })
    at += part.size
  }
  await syncFile(aside)
  return at === row.size
}

/** They have served. */
export async function dropParts({ tasks }: { tasks: Tasks }, row: TaskRow): Promise<void> {
  for (const id of idsOf(row)) {
    const part = await find(tasks, id)
    if (!part) continue
    await tasks.move(id, { kind: 'cancel', why: 'gone' })
    await dropAside(part.root, id)
  }
}

async function find(tasks: Tasks, id: number): Promise<TaskRow | undefined> {
  try {
    return await tasks.get(id)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
