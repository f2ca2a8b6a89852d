import type { UploadTask } from './block-line.ts'

/** What is kept of an upload, so that it goes on after a reload, a crash, on another day. */
export type Remembered = { fingerprint: string; name: string; size: number; task: UploadTask; extra: Readonly<Record<string, unknown>> }

/**
 * Where unfinished uploads are remembered, by the fingerprint of their file. Promises no more than a note does: what it forgets is begun
 * anew, and what it keeps too long is refused by the server.
 */
export type Memory = {
  find(fingerprint: string): Promise<Remembered | undefined>
  keep(upload: Remembered): Promise<void>
  forget(fingerprint: string): Promise<void>
  list(): Promise<Remembered[]>
}

/** For as long as the program runs. */
export function memoryOfNow(): Memory {
  const kept = new Map<string, Remembered>()
  return {
    find: (fingerprint) => Promise.resolve(kept.get(fingerprint)),
    keep: (upload) => Promise.resolve(void kept.set(upload.fingerprint, upload)),
    forget: (fingerprint) => Promise.resolve(void kept.delete(fingerprint)),
    list: () => Promise.resolve([...kept.values()]),
  }
}

/** In a browser's `localStorage`, under one prefix: give another to each account, so that they do not see each other's. */
export function memoryInStorage(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>, prefix: string): Memory {
  const read = (key: string): Remembered | undefined => {
    const text = storage.getItem(key)
    return text === null ? undefined : parse(text)
  }
  return {
    find: (fingerprint) => Promise.resolve(read(prefix + fingerprint)),
    keep: (upload) => Promise.resolve(storage.setItem(prefix + upload.fingerprint, JSON.stringify(upload))),
    forget: (fingerprint) => Promise.resolve(storage.removeItem(prefix + fingerprint)),
    list() {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '')
      return Promise.resolve(keys.filter((key) => key.startsWith(prefix)).flatMap((key) => read(key) ?? []))
    },
  }
}

/** What somebody else wrote under our name is as good as nothing. */
export function parse(text: string): Remembered | undefined {
  try {
    const kept = JSON.parse(text) as Partial<Remembered> | null
    const isOurs = typeof kept?.fingerprint === 'string' && typeof kept.task?.taskId === 'number' && typeof kept.task.blocksUrl === 'string'
    return isOurs ? (kept as Remembered) : undefined
  } catch {
    return undefined
  }
}
