import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '#server/features/uploads/refusal.ts'
import { askedFor, blockOf, openUploadsCore } from '../uploads-core.ts'

// node fill-uploads.ts CYCLES: on a small disk, where everything lies. Says what came of it, in JSON.
const cycles = Number(process.argv[2])
const MiB = 2 ** 20
await using core = await openUploadsCore({}, { reserve: { bytes: 8 * MiB, share: 0 } })
const service = await core.process()
const careless = await core.process({ reserve: { bytes: 0, share: 0 } })
const other = join(core.folder, 'other')
const outcomes = new Set<string>()

async function outcome(what: string, act: Promise<unknown>): Promise<void> {
  const said = await act.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.retCode : String((error as { code?: unknown }).code ?? error)),
  )
  outcomes.add(`${what}: ${said}`)
}

/** Something else than uploads fills the disk, but for so much. */
async function fillUp(leaveBytes: number): Promise<void> {
  await using file = await open(other, 'a')
  for (;;) {
    const { bavail, bsize } = await statfs(core.folder)
    const count = Math.min(MiB, bavail * bsize - leaveBytes)
    if (count <= 0) return
    try {
      await file.write(Buffer.alloc(count))
    } catch {
      return
    }
  }
}

for (let n = 0; n < cycles; n++) {
  await outcome('more than there is', service.openTask(askedFor(core.root, `big-${n}`, 80 * MiB)))
  const bytes = randomBytes(20 * MiB)
  const { id } = await service.openTask(askedFor(core.root, String(n), bytes.length))
  const heldAfter = async () => (await service.get(id)).held
  await outcome('with room', service.takeBlock(id, blockOf(bytes, 0, 8 * MiB)))
  const held = await heldAfter()
  await fillUp(10 * MiB)
  await outcome('near its end', service.takeBlock(id, blockOf(bytes, 8 * MiB, 12 * MiB)))
  await outcome('another, near its end', service.openTask(askedFor(core.root, `other-${n}`, MiB)))
  await rm(other)
  const block = blockOf(bytes, 8 * MiB, 12 * MiB)
  const filling = async function* () {
    yield Buffer.from(bytes.subarray(8 * MiB, 10 * MiB))
    await fillUp(0)
    yield Buffer.from(bytes.subarray(10 * MiB, 12 * MiB))
  }
  await outcome('while it ends', careless.takeBlock(id, { ...block, bytes: filling() }))
  outcomes.add(`held as before: ${held === (await heldAfter())}`)
  await rm(other)
  await outcome('with room again', service.takeBlock(id, blockOf(bytes, 8 * MiB, bytes.length)))
  await service.settle(id)
  const path = join(core.root, 'films', String(n))
  const digest = (whole: Uint8Array) => createHash('sha256').update(whole).digest('hex')
  outcomes.add(`whole: ${digest(await readFile(path)) === digest(bytes)}`)
  await rm(path)
}
outcomes.add(`left: ${(await readdir(join(core.root, '.matinee'))).length}`)
console.log(JSON.stringify([...outcomes]))
