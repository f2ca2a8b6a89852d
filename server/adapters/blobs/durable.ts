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
export async function place(from: string, to: string, root: string): Promise<void> {
  const folder = dirname(to)
  for (let attempt = 1; ; attempt++) {
    try {
      await makeFolder(root, folder)
      await rename(from, to)
      await syncFolder(folder)
      return
    } catch (error) {
      // ENOTDIR: what Node makes of a folder that is removed while it is being made.
      if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '') || attempt === 10) throw error
    }
  }
}

/** Folders of which this process knows that they survive a power cut, up to the root. */
const durable = new Set<string>()
const mostKnown = 10_000

/**
 * A folder that is there may have been made a moment ago by somebody who has not synced it yet: whoever needs it first syncs the way to it himself,
 * and nobody acknowledges a blob below one that could still vanish.
 */
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined && durable.has(folder)) return
  for (let made = folder; made !== root; made = dirname(made)) await syncFolder(dirname(made))
  if (durable.size >= mostKnown) durable.clear()
  durable.add(folder)
}

export function forgetFolder(folder: string): void {
  durable.delete(folder)
}
