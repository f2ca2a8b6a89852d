import { link, mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { TaskRow } from '#server/features/uploads/store.ts'
import type { Chance } from '#server/lib/seed.ts'
import type { DiskAct } from './disk-acts.ts'

type Change = { index: number; isDurable: boolean } & ({ at: number; data: Buffer } | { size: number })
type Inode = { is: 'file'; changes: Change[] } | { is: 'folder'; entries: Entry[] }
type Entry = { index: number; isDurable: boolean; name: string; to: Inode | undefined }
/** What becomes of what was not synced: all of it lost, all of it there, or some; and of the last write perhaps a part. */
export type Loss = 'all' | 'none' | 'some'

export type CrashState = {
  rows: Map<number, TaskRow>
  told: Extract<DiskAct, { act: 'told' }>[]
  /** Lays the files, as they are found after the power came back, below a folder that stands for `root`. */
  lay(folder: string): Promise<void>
}

/** The power goes after so many acts. Another loss, or another chance, is another state. */
export function crashAfter(acts: readonly DiskAct[], count: number, { root, loss, chance }: { root: string; loss: Loss; chance: Chance }) {
  const top: Inode = { is: 'folder', entries: [] }
  const rows = new Map<number, TaskRow>()
  const told: CrashState['told'] = []
  const begun = new Map<string, number>()
  const committing = new Map<number, TaskRow>()

  const find = (path: string): Inode | undefined => {
    if (path === root) return top
    if (!path.startsWith(`${root}/`)) return undefined
    const above = find(dirname(path))
    return above?.is === 'folder' ? above.entries.findLast(({ name }) => name === basename(path))?.to : undefined
  }
  const enter = (path: string, index: number, to: Inode | undefined) => {
    const folder = find(dirname(path))
    if (folder?.is === 'folder') folder.entries.push({ index, isDurable: false, name: basename(path), to })
  }
  const change = (path: string, made: Change) => {
    const file = find(path)
    if (file?.is === 'file') file.changes.push(made)
  }
  for (const [index, act] of acts.slice(0, count).entries()) {
    if (act.act === 'make') enter(act.path, index, act.is === 'file' ? { is: 'file', changes: [] } : { is: 'folder', entries: [] })
    else if (act.act === 'link') enter(act.path, index, find(act.from))
    else if (act.act === 'remove') enter(act.path, index, undefined)
    else if (act.act === 'write') change(act.path, { index, isDurable: false, at: act.at, data: Buffer.from(act.data, 'base64') })
    else if (act.act === 'truncate') change(act.path, { index, isDurable: false, size: act.size })
    else if (act.act === 'sync begins') begun.set(act.number, index)
    else if (act.act === 'sync ends') {
      const inode = find(act.path)
      const since = begun.get(act.number) ?? -1
      harden(inode?.is === 'folder' ? inode.entries : (inode?.changes ?? []), since)
    } else if (act.act === 'commit begins') committing.set(act.number, act.row)
    else if (act.act === 'commit ends') {
      committing.delete(act.number)
      rows.set(act.row.id, act.row)
    } else if (act.act === 'told') told.push(act)
  }
  // A commit that is under way has happened, or has not.
  for (const row of committing.values()) if (loss === 'none' || (loss === 'some' && chance.next() < 0.5)) rows.set(row.id, row)
  const survives = ({ isDurable }: { isDurable: boolean }) => isDurable || loss === 'none' || (loss === 'some' && chance.next() < 0.5)

  const laid = new Map<Inode, string>()
  async function lay(inode: Inode, path: string): Promise<void> {
    const already = laid.get(inode)
    if (already !== undefined) return await link(already, path)
    if (inode.is === 'file') {
      laid.set(inode, path)
      return await writeFile(path, contentOf(inode.changes.filter(survives), loss === 'some' ? chance : undefined))
    }
    await mkdir(path, { recursive: true })
    const last = new Map<string, Inode | undefined>()
    for (const entry of inode.entries.filter(survives)) last.set(entry.name, entry.to)
    for (const [name, to] of last) if (to) await lay(to, join(path, name))
  }
  return { rows, told, lay: (folder) => lay(top, folder) } satisfies CrashState
}

/** What was done before a sync began is durable when it has ended. */
function harden(done: { index: number; isDurable: boolean }[], since: number): void {
  for (const each of done) if (each.index < since) each.isDurable = true
}

/** Bytes that were never written are zero. The last write that nobody synced is torn, where there is a chance. */
function contentOf(changes: readonly Change[], chance: Chance | undefined): Buffer {
  let content = Buffer.alloc(0)
  const longer = (size: number) => (size <= content.length ? content : Buffer.concat([content, Buffer.alloc(size - content.length)]))
  for (const [n, change] of changes.entries()) {
    if ('size' in change) {
      content = longer(change.size).subarray(0, change.size)
      continue
    }
    const isTorn = chance && n === changes.length - 1 && !change.isDurable
    const data = isTorn ? change.data.subarray(0, chance.whole(0, change.data.length)) : change.data
    content = Buffer.from(longer(change.at + data.length))
    data.copy(content, change.at)
  }
  return content
}
