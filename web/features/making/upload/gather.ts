import type { FileHandle } from './notes.ts'

/** A file that somebody chose, with the way to open it again where the browser gives one. */
export type Chosen = { file: File; handle?: FileHandle; path: string }
export type Gathered = { films: Chosen[]; passedOver: string[] }

/** What browsers do not know by its name as video. */
const filmNames = /\.(mp4|m4v|mov|mkv|webm|avi|ts|m2ts|mts|mpe?g|mpv|vob|flv|f4v|wmv|asf|3gp|3g2|ogv|ogm|rmvb?|mxf|divx|dv|y4m)$/i
export const accepted = 'video/*,.mkv,.ts,.m2ts,.mts,.avi,.flv,.wmv,.vob,.rmvb,.rm,.mxf,.ogv'

const byName = new Intl.Collator(undefined, { numeric: true })

/** Films in the order of their names; what is none is named, so that nobody waits for it. Hidden files of a folder are not worth a word. */
export function sortOut(chosen: readonly Chosen[]): Gathered {
  const seen = chosen.filter(({ file }) => !file.name.startsWith('.'))
  const isFilm = ({ file }: Chosen) => file.type.startsWith('video/') || filmNames.test(file.name)
  return {
    films: seen.filter(isFilm).sort((a, b) => byName.compare(a.path, b.path)),
    passedOver: seen.filter((one) => !isFilm(one)).map(({ file }) => file.name),
  }
}

export function fromFiles(files: Iterable<File>): Chosen[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
}

type Handle = FileHandle | FolderHandle
type FolderHandle = { readonly kind: 'directory'; readonly name: string; values(): AsyncIterable<Handle> }
type HandedItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<Handle | null> }

/** What was dropped, folders with all that is in them. To be called in the event itself: afterwards the browser hands nothing out any more. */
export async function fromDrop(transfer: DataTransfer): Promise<Chosen[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file') as HandedItem[]
  const taken = items.map((item) => ({
    handle: globalThis.isSecureContext ? item.getAsFileSystemHandle?.() : undefined,
    entry: item.webkitGetAsEntry?.(),
    file: item.getAsFile(),
  }))
  const found = await Promise.all(
    taken.map(async ({ handle, entry, file }) => {
      const given = await handle?.catch(() => null)
      if (given) return await fromHandle(given, '')
      if (entry) return await fromEntry(entry)
      return file ? fromFiles([file]) : []
    }),
  )
  return found.flat()
}

/** The browser's own chooser that gives handles; undefined where it has none. An empty list is a person who thought better of it. */
export async function fromPicker(): Promise<Chosen[] | undefined> {
  const { showOpenFilePicker: pick } = globalThis as { showOpenFilePicker?(how: { multiple: boolean }): Promise<FileHandle[]> }
  if (!pick) return undefined
  try {
    const handles = await pick({ multiple: true })
    return (await Promise.all(handles.map((handle) => fromHandle(handle, '')))).flat()
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? [] : undefined
  }
}

async function fromHandle(handle: Handle, folder: string): Promise<Chosen[]> {
  const path = folder ? `${folder}/${handle.name}` : handle.name
  if (handle.kind === 'file') return [{ file: await handle.getFile(), handle, path }]
  const found: Chosen[] = []
  for await (const inside of handle.values()) found.push(...(await fromHandle(inside, path)))
  return found
}

async function fromEntry(entry: FileSystemEntry): Promise<Chosen[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ file, path: entry.fullPath }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: Chosen[] = []
  for (;;) {
    // A reader hands out a hundred at a time, until it has none.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const inside of some) found.push(...(await fromEntry(inside)))
  }
}
