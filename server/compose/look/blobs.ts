import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { Log } from '#server/ports/log.ts'
import { openBlobs } from '../ground/blobs.ts'
import { nearestFolder } from './nearest-folder.ts'
import { causeOf, type Sight } from './sight.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

export const lookAtBlobs = (config: Config): Promise<Omit<Sight, 'part'>> =>
  config.blobs.kind === 'disk' ? lookAtFolder(pathsOf(config).blobs) : lookAtBucket(config)

/** Writes and reads where films will lie, and leaves nothing behind. */
async function lookAtFolder(folder: string): Promise<Omit<Sight, 'part'>> {
  const remedy = `Give it to the user that runs Matinee (chown), or name another folder as blobs.path.`
  if (!existsSync(folder)) {
    const mayMake = await access(nearestFolder(folder), constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!mayMake) return { state: 'wrong', text: `${folder} is not there and can not be made. ${remedy}` }
    return { state: 'fine', text: `${folder} will be made at the first start` }
  }
  const path = join(folder, `+doctor-${randomBytes(8).toString('hex')}`)
  try {
    await using file = await open(path, 'wx+', 0o600)
    const bytes = randomBytes(1000)
    await file.write(bytes)
    await file.sync()
    const read = await file.read(Buffer.alloc(bytes.length), 0, bytes.length, 0)
    if (!read.buffer.equals(bytes)) return { state: 'wrong', text: `${folder}: ${otherBytes}` }
  } catch (error) {
    return { state: 'wrong', text: `${folder} can not be written (${causeOf(error)}). ${remedy}` }
  } finally {
    await rm(path, { force: true })
  }
  return { state: 'fine', text: folder }
}

const otherBytes = 'what was written is not what is read: this store must not be used.'

async function lookAtBucket(config: Config): Promise<Omit<Sight, 'part'>> {
  const { endpoint, bucket } = config.blobs.s3
  const { systemClock } = await import('#server/adapters/clock/system-clock.ts')
  const blobs = await openBlobs({ config: config.blobs, folder: '', clock: systemClock, log: silent })
  try {
    const name = `doctor/${randomBytes(8).toString('hex')}`
    const bytes = randomBytes(1000)
    await blobs.write(name, one(bytes))
    const read = Buffer.concat(await Array.fromAsync(blobs.read(name)))
    await blobs.delete([name])
    return read.equals(bytes)
      ? { state: 'fine', text: `${endpoint}, bucket ${bucket}` }
      : { state: 'wrong', text: `${endpoint}, bucket ${bucket}: ${otherBytes}` }
  } catch (error) {
    return { state: 'wrong', text: `${endpoint}, bucket ${bucket}: ${remedy(error)}` }
  } finally {
    await blobs.close()
  }
}

function remedy(error: unknown): string {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined
  if (status === 401 || status === 403)
    return 'refuses the keys: mend blobs.s3.accessKey and secretKey, or give them read, write, list and delete there. A clock that is wrong looks the same.'
  if (status === 404) return 'is not there: make the bucket, or mend blobs.s3.bucket.'
  const cause = causeOf(error)
  return `does not answer${cause === '' ? '' : ` (${cause})`}: start it, let this machine reach it, or mend blobs.s3.endpoint.`
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
