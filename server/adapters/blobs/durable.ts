import { constants } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './errors.ts'

type Gate = { running: Promise<void>; next: Promise<void> | undefined }
const gates = new Map<string, Gate>()

/** Makes the entries of a folder durable. Who comes while a sync is under way shares the one after it: many blobs of one folder cost few syncs. */
export function syncFolder(folder: string): Promise<void> {
  const gate = gates.get(folder)
  if (!gate) return start(folder)
  gate.next ??= gate.running.catch(() => {}).then(() => start(folder))
  return gate.next
}

function start(folder: string): Promise<void> {
  const gate: Gate = { running: sync(folder), next: undefined }
  gates.set(folder, gate)
  const end = () => {
    if (gates.get(folder) === gate && !gate.next) gates.delete(folder)
  }
  gate.running.then(end, end)
  return gate.running
}

async function sync(folder: string): Promise<void> {
  // Windows opens no folders; its file systems keep renames in a journal.
  if (process.platform === 'win32') return
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Renames a synced file to its final place, which then survives a power cut. Folders are made, also when a deletion has just removed them. */
export async function place(from: string, to: string): Promise<void> {
  const folder = dirname(to)
  for (let attempt = 1; ; attempt++) {
    try {
      await makeFolder(folder)
      await rename(from, to)
      await syncFolder(folder)
      return
    } catch (error) {
      // ENOTDIR: what Node makes of a folder that is removed while it is being made.
      if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '') || attempt === 10) throw error
    }
  }
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}
