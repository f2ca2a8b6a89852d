import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, dirname } from 'node:path'
import type { DiskAct } from './disk-acts.ts'

// node --import record-disk.ts PROGRAM: what the program and its threads do to files below RECORDED goes, act by act, to the file RECORD.

const below = process.env.RECORDED ?? ''
const real = { ...fs }
const realPromises = { ...fs.promises }
const record = real.openSync(process.env.RECORD ?? '', 'a')
const isOurs = (path: unknown): path is string => typeof path === 'string' && (path === below || path.startsWith(`${below}/`))
const note = (act: DiskAct) => void real.writeSync(record, `${JSON.stringify(act)}\n`)
Object.assign(globalThis, { noteAct: note })

const openFiles = new Map<number, string>()
let syncs = 0

async function noteSync<T>(path: string, sync: () => Promise<T>): Promise<T> {
  const number = `${process.pid}-${++syncs}`
  note({ act: 'sync begins', path, number })
  const done = await sync()
  note({ act: 'sync ends', path, number })
  return done
}

Object.assign(fs, {
  openSync(path: string, ...rest: [number]) {
    const file = real.openSync(path, ...rest)
    if (isOurs(path)) openFiles.set(file, path)
    return file
  },
  closeSync(file: number) {
    openFiles.delete(file)
    real.closeSync(file)
  },
  writeSync(file: number, bytes: Uint8Array, from: number, length: number, at: number) {
    const count = real.writeSync(file, bytes, from, length, at)
    const path = openFiles.get(file)
    if (path !== undefined) note({ act: 'write', path, at, data: Buffer.from(bytes.subarray(from, from + count)).toString('base64') })
    return count
  },
})
Object.assign(fs.promises, {
  async open(path: string, ...rest: [number, number]) {
    const isNew = !real.existsSync(path)
    const file = await realPromises.open(path, ...rest)
    if (!isOurs(path)) return file
    if (isNew) note({ act: 'make', path, is: 'file' })
    const { sync, datasync, truncate } = file
    return Object.assign(file, {
      sync: () => noteSync(path, () => sync.call(file)),
      datasync: () => noteSync(path, () => datasync.call(file)),
      async truncate(size: number) {
        await truncate.call(file, size)
        note({ act: 'truncate', path, size })
      },
    })
  },
  async mkdir(path: string, options: { recursive: true }) {
    const first = await realPromises.mkdir(path, options)
    const made: string[] = []
    if (first !== undefined) for (let each = path; each.length >= first.length; each = dirname(each)) made.unshift(each)
    for (const each of made) if (isOurs(each)) note({ act: 'make', path: each, is: 'folder' })
    return first
  },
  async link(from: string, path: string) {
    await realPromises.link(from, path)
    if (isOurs(path)) note({ act: 'link', from, path })
  },
  async unlink(path: string) {
    await realPromises.unlink(path)
    if (isOurs(path)) note({ act: 'remove', path })
  },
  async rm(path: string, options: object) {
    const isThere = real.existsSync(path)
    await realPromises.rm(path, options)
    if (isThere && isOurs(path)) note({ act: 'remove', path })
  },
  async copyFile(from: string, path: string, ...rest: [number]) {
    const isNew = !real.existsSync(path)
    await realPromises.copyFile(from, path, ...rest)
    if (!isOurs(path)) return
    if (isNew) note({ act: 'make', path, is: 'file' })
    note({ act: 'write', path, at: 0, data: real.readFileSync(path).toString('base64') })
  },
})
// What would get past this: better to hear of it than to miss it.
for (const name of ['rename', 'writeFile', 'appendFile', 'cp', 'symlink'] as const) {
  const plain = realPromises[name] as (...args: unknown[]) => Promise<unknown>
  Object.assign(fs.promises, {
    [name]: (...args: unknown[]) => {
      if (args.some(isOurs)) throw new Error(`${name} of ${basename(String(args[0]))} is not recorded`)
      return plain(...args)
    },
  })
}
syncBuiltinESMExports()
