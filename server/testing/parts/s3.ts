import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePorts, type PartProcess, startProcess, until } from './part-process.ts'

export type S3Part = AsyncDisposable & {
  readonly endpoint: string
  readonly port: number
  readonly region: string
  /** It exists, and is empty. */
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
  kill(): Promise<void>
  /** What was stored stays; the address stays. */
  restart(): Promise<void>
  /** It holds its connections and answers nothing, until it is resumed. */
  freeze(): void
  resume(): void
}

const services = ['account', 'container', 'object', 'proxy'] as const
type Service = (typeof services)[number]
const program = join(import.meta.dirname, 's3-server.py')
const account = { name: 'matinee', user: 'tester', password: 'screening' }

/** An S3 server of one's own: OpenStack Swift with its s3api, on plain folders. It checks signatures, as the doubles that npm knows do not. */
export async function openS3(): Promise<S3Part> {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-s3-'))
  const ports = await freePorts(services.length)
  const portOf = (service: Service) => ports[services.indexOf(service)] ?? 0
  const args = [program, folder, ...services.map((service) => `${service}=${portOf(service)}`)]
  const start = async () => {
    const started = startProcess('/usr/bin/python3', args)
    await until(async () => started.output().includes('ready'), { what: 'the start of Swift', processes: [started] })
    return started
  }
  let running: PartProcess | undefined

  const stop = async () => {
    await running?.kill()
    running = undefined
  }
  const remove = async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    await prepare(folder)
    running = await start()
    const bucket = `films-${randomBytes(4).toString('hex')}`
    const port = portOf('proxy')
    const credentials = { accessKey: `${account.name}:${account.user}`, secretKey: account.password }
    await createBucket({ port, bucket, ...credentials })
    return {
      endpoint: `http://127.0.0.1:${port}`,
      port,
      region: 'us-east-1',
      bucket,
      ...credentials,
      kill: stop,
      async restart() {
        await stop()
        running = await start()
      },
      freeze: () => void running?.child.kill('SIGSTOP'),
      resume: () => void running?.child.kill('SIGCONT'),
      [Symbol.asyncDispose]: remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function prepare(folder: string): Promise<void> {
  await mkdir(join(folder, 'disks', 'd1'), { recursive: true })
  await writeFile(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = test\nswift_hash_path_prefix = test\n')
  for (const service of services) await writeFile(join(folder, `${service}.conf`), configOf(service, folder))
}

function configOf(service: Service, folder: string): string {
  const common = `[DEFAULT]
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${join(folder, 'disks')}
mount_check = false
fallocate_reserve = 0
`
  if (service !== 'proxy')
    return `${common}[pipeline:main]\npipeline = ${service}-server\n[app:${service}-server]\nuse = egg:swift#${service}\n`
  return `${common}[pipeline:main]
pipeline = catch_errors s3api tempauth bulk slo dlo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_${account.name}_${account.user} = ${account.password} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
`
}

async function createBucket(to: { port: number; bucket: string; accessKey: string; secretKey: string }): Promise<void> {
  const { S3mini } = await import('s3mini')
  const client = new S3mini({
    endpoint: `http://127.0.0.1:${to.port}/${to.bucket}`,
    region: 'us-east-1',
    accessKeyId: to.accessKey,
    secretAccessKey: to.secretKey,
  })
  await until(() => client.createBucket(), { what: `the bucket ${to.bucket}` })
}
