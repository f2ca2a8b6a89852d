import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, realpath, rm, stat, statfs, unlink } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { refuse } from './refusal.ts'

const asideName = '.matinee'
/** Never taken by uploads, so that rows and logs still have room: the larger of both. */
export type Reserve = { bytes: number; share: number }
export const usualReserve: Reserve = { bytes: 1e9, share: 0.05 }

export type Place = { root: string; folder: string; fileName: string }

export const asideFolderOf = (root: string): string => join(root, asideName)
export const asideOf = (root: string, taskId: number): string => join(asideFolderOf(root), `${taskId}.part`)
export const taskOfAside = (name: string): number | undefined => (/^\d+\.part$/.test(name) ? Number.parseInt(name, 10) : undefined)
export const targetOf = ({ folder, fileName }: Pick<Place, 'folder' | 'fileName'>): string => join(folder, fileName)

/** upload-protocol, "Paths": below one of the roots, after resolving `..` and symbolic links; the name is a name. */
export async function findPlace(roots: readonly string[], storePath: unknown, fileName: unknown): Promise<Place> {
  if (typeof fileName !== 'string' || !isName(fileName)) refuse('path', 'fileName must be the name of a file, not a path.')
  if (typeof storePath !== 'string' || !isAbsolute(storePath) || storePath.includes('\0') || storePath.length > 1024)
    refuse('path', 'storePath must be an absolute folder below one of the roots of this business server.')
  const folder = await realPathOf(resolve(storePath))
  for (const given of roots) {
    await makeRoot(given)
    const root = await realpath(given)
    if (isWithin(root, folder) && !isWithin(join(root, asideName), folder)) return { root, folder, fileName }
  }
  return refuse('path', 'storePath lies outside the roots of this business server.')
}

async function makeRoot(root: string): Promise<void> {
  const first = await mkdir(root, { recursive: true })
  if (first !== undefined) for (let made = root; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

function isName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\u0000-\u001f\u007f]/.test(name) && Buffer.byteLength(name) <= 255
}

/** What is there of the way with its links resolved, and the rest as it is written. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isNoWay(error)) refuse('path', 'storePath leads through something that is no folder, or is too long.')
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    return join(await realPathOf(dirname(path)), basename(path))
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

export async function isTaken(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** What may still be written below a root, the reserve apart. */
export async function freeBytes(root: string, reserve: Reserve): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(root)
  return bavail * bsize - Math.max(reserve.bytes, blocks * bsize * reserve.share)
}

/** The file in which bytes find their place, as long as it will be; it survives a power cut from here on. */
export async function makeAside(root: string, taskId: number, { size, room }: { size: number; room(): Promise<number> }): Promise<void> {
  await mkdir(join(root, asideName), { recursive: true, mode: 0o700 })
  const free = await room()
  if (size > free) refuse('full', `The disk has room for ${Math.max(0, Math.floor(free))} bytes more, not for ${size}.`)
  const file = await open(asideOf(root, taskId), constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW, 0o640)
  try {
    await file.truncate(size)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(join(root, asideName))
  await syncFolder(root)
  await syncFolder(dirname(root))
}

export const dropAside = (root: string, taskId: number): Promise<void> => rm(asideOf(root, taskId), { force: true })

/** The bytes of a file that stands already: a clone where the file system can, and verified afterwards like any other. */
export async function copyKnown(from: string, aside: string): Promise<void> {
  await copyFile(from, aside, constants.COPYFILE_FICLONE)
  await syncFile(aside)
}

export async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}

export async function syncData(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.datasync()
}

/**
 * Gives a synced file its name, at once and never over another: a link is made once. May be repeated after a crash between any two steps. False:
 * something else has taken the place meanwhile.
 */
export async function giveName(aside: string, place: Place): Promise<boolean> {
  const target = targetOf(place)
  try {
    await mkdir(place.folder, { recursive: true })
  } catch (error) {
    if (isNoWay(error)) return false
    throw error
  }
  if (!isWithin(place.root, await realpath(place.folder))) return false
  try {
    await link(aside, target)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' && codeOf(error) !== 'ENOENT') throw error
    const [ours, there] = await Promise.all([stat(aside).catch(() => undefined), stat(target).catch(() => undefined)])
    // Its own bytes under both names: the crash came after the link. Only the final name: it came after the unlinking.
    if (!there || (ours && ours.ino !== there.ino)) return false
  }
  for (let at = place.folder; isWithin(place.root, at); at = dirname(at)) await syncFolder(at)
  await unlink(aside).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
  })
  return true
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** No folder can be there, now or later. */
const isNoWay = (error: unknown) => ['ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
