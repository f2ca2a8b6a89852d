import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { judge } from '#server/compose/look/ffmpeg.ts'
import { grounds } from '#server/testing/grounds.ts'
import { openDistributedGround, settingsForHouse } from '#server/testing/distributed-ground.ts'
import { migrate } from './migrate.ts'
import { doctor } from './doctor.ts'
import { checkClock, checkDisk, checkPort } from './doctor/machine.ts'

function openFolder() {
  const path = mkdtempSync(join(tmpdir(), 'matinee-doctor-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

async function run(verb: typeof doctor, folder: string, set: Record<string, string> = {}) {
  let out = ''
  const signal = new AbortController().signal
  const terminal = { out: (text: string) => void (out += text), err() {}, signal, environment: {}, isInteractive: false }
  const words = Object.entries({ 'http.port': '0', ...set }).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const status = await verb.run(['--data', folder, ...words], terminal)
  const lineOf = (name: string) => out.split('\n').find((line) => line.slice(2).startsWith(name)) ?? ''
  return { status, out, lineOf }
}

const nobody = '127.0.0.1:1'
/** A process that converts nothing is not asked about FFmpeg, which takes its time. */
const light = { roles: 'upload' }

describe('matinee doctor', () => {
  test('says of each thing that it is fine, and leaves no trace', async () => {
    using folder = openFolder()
    const data = join(folder.path, 'data')
    const { out, lineOf } = await run(doctor, data)
    for (const name of ['runtime', 'ffmpeg', 'sandbox', 'disk', 'clock', 'database', 'redis', 'blobs', 'port', 'open files', 'proxy'])
      expect(lineOf(name), out).toMatch(/^[✓•✗] /)
    expect(lineOf('database')).toMatch(/^✓ .* will be made at the first start/)
    expect(lineOf('blobs')).toMatch(/^✓ .* will be made at the first start/)
    expect(existsSync(data)).toBe(false)
    mkdirSync(join(data, 'blobs'), { recursive: true })
    expect((await run(doctor, data, light)).lineOf('blobs')).toBe(`✓ blobs       ${join(data, 'blobs')}`)
    expect(readdirSync(join(data, 'blobs'))).toEqual([])
  })

  test('names what does not answer, and what to do, all at once', async () => {
    using folder = openFolder()
    const { status, out, lineOf } = await run(doctor, folder.path, {
      ...light,
      'database.url': `mysql://u:hush@${nobody}/m`,
      'redis.url': `redis://:hush@${nobody}`,
      'blobs.kind': 's3',
      'blobs.s3.endpoint': `http://${nobody}`,
      'blobs.s3.bucket': 'films',
      'blobs.s3.accessKey': 'a',
      'blobs.s3.secretKey': 'hush',
      'http.trustedProxies': '10.0.0.0/8, 0.0.0.0/0',
    })
    expect(status).toBe(1)
    expect(lineOf('database')).toBe(
      `✗ database    ${nobody}: does not answer (ECONNREFUSED): start it, let this machine reach it, or mend database.url.`,
    )
    expect(lineOf('redis')).toBe(
      `✗ redis       ${nobody} does not answer (ECONNREFUSED): start it, let this machine reach it, or mend redis.url.`,
    )
    expect(lineOf('blobs')).toMatch(/^✗ .* bucket films: does not answer.*mend blobs\.s3\.endpoint\.$/)
    expect(lineOf('proxy')).toMatch(/^✗ .* is everybody/)
    expect(out).not.toContain('hush')
  })

  test('a database that is damaged, is behind, or belongs to a newer Matinee is told apart', async () => {
    using folder = openFolder()
    const path = join(folder.path, 'matinee.db')
    new DatabaseSync(path).close()
    expect((await run(doctor, folder.path, light)).lineOf('database')).toMatch(
      /^✓ .* is whole; the next start brings its tables to this version/,
    )
    await run(migrate, folder.path)
    expect((await run(doctor, folder.path, light)).lineOf('database')).toMatch(/^✓ .* is whole$/)
    const db = new DatabaseSync(path)
    db.exec(
      `insert into migration select '9999-later', step, statement, begun, place, fingerprint, started_ms, done_ms from migration limit 1`,
    )
    db.close()
    expect((await run(doctor, folder.path, light)).lineOf('database')).toMatch(/^✗ .*9999-later/)
    writeFileSync(path, 'no database, but long enough to look like something that was one once'.repeat(100))
    expect((await run(doctor, folder.path, light)).lineOf('database')).toMatch(/^✗ .* is damaged .*matinee restore/)
  })

  test.runIf(grounds.distributed)('sees servers as they are: their versions, a wrong password, a missing database and bucket', async () => {
    using folder = openFolder()
    await using ground = await openDistributedGround()
    const set: Record<string, string> = { ...(await settingsForHouse(ground)), ...light }
    const wrong = (key: string, change: (url: URL) => void) => {
      const url = new URL(set[key] ?? '')
      change(url)
      return url.href
    }
    const [well, ill, empty] = await Promise.all([
      run(doctor, folder.path, set),
      run(doctor, folder.path, {
        ...set,
        'database.url': wrong('database.url', (url) => (url.password = 'other')),
        'redis.url': wrong('redis.url', (url) => (url.password = 'other')),
        'blobs.s3.secretKey': 'other',
      }),
      run(doctor, folder.path, {
        ...set,
        'database.url': wrong('database.url', (url) => (url.pathname = '/nowhere')),
        'blobs.s3.bucket': 'nowhere',
      }),
    ])
    expect(well.lineOf('database'), well.out).toMatch(/^✓ .*MariaDB.*the next start brings its tables/)
    expect(well.lineOf('redis')).toMatch(/^✓ .*Redis \d/)
    expect(well.lineOf('blobs')).toMatch(/^✓ .*bucket /)
    expect(well.lineOf('clock')).toMatch(/^✓ /)
    expect(ill.lineOf('database')).toMatch(/refuses the user or the password of database\.url/)
    expect(ill.lineOf('redis')).toMatch(/refuses the password: mend it in redis\.url/)
    expect(ill.lineOf('blobs')).toMatch(/refuses the keys/)
    expect(empty.lineOf('database')).toMatch(/(has no database nowhere: create database nowhere|grant that user all on nowhere)/)
    expect(empty.lineOf('blobs')).toMatch(/is not there: make the bucket|refuses the keys/)
  })
})

describe('what the doctor sees of a machine', () => {
  test('a folder that is a file, or that nobody could make, is no place for films', async () => {
    using folder = openFolder()
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    expect((await checkDisk(join(file, 'data'))).text).toMatch(/is not there, and .*file can not be written.*chown/)
    expect(await checkDisk('/proc/nope')).toMatchObject({ state: 'wrong' })
    if (process.getuid?.() === 0) return
    chmodSync(folder.path, 0o500)
    expect(await checkDisk(folder.path)).toMatchObject({ state: 'wrong' })
  })

  test('a clock that stands in the past, or apart from those it works with, is wrong', () => {
    const nowMs = Date.UTC(2027, 0, 1)
    expect(checkClock([{ part: 'redis', aheadMs: 1500 }, { part: 'blobs' }], nowMs).state).toBe('fine')
    expect(checkClock([{ part: 'redis', aheadMs: -2500 }], nowMs)).toMatchObject({
      state: 'wrong',
      text: /redis is 2\.5 s behind: let every/,
    })
    expect(checkClock([], 0)).toMatchObject({ state: 'wrong', text: /lies in the past/ })
  })

  test('a port that is taken is noted, an address of another machine is wrong', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    expect(await checkPort('127.0.0.1', port)).toMatchObject({ state: 'note', text: new RegExp(`^${port} is in use`) })
    await new Promise((resolve) => server.close(resolve))
    expect(await checkPort('192.0.2.1', 0)).toMatchObject({ state: 'wrong', text: /none of this machine/ })
  })

  test('an FFmpeg is judged by what films need of it', () => {
    const whole = {
      version: '9.0',
      encoders: new Set(['libx264', 'aac']),
      decoders: new Set(['h264', 'aac', 'hevc', 'libdav1d', 'vp9', 'opus', 'magicyuv']),
      filters: new Set(['scale', 'fps', 'aresample', 'bwdif', 'zscale', 'tonemap']),
      muxers: new Set(['hls', 'mp4']),
      demuxers: new Set(['matroska,webm', 'mov,mp4,m4a,3gp,3g2,mj2']),
    }
    expect(judge(whole)).toMatchObject({ state: 'fine', text: /^9\.0; 6 of its 7 decoders/ })
    expect(judge({ ...whole, encoders: new Set(['aac']) })).toMatchObject({ state: 'wrong', text: /lacks libx264 \(encoders\)/ })
    expect(judge({ ...whole, decoders: new Set(['h264', 'aac', 'hevc', 'opus']) })).toMatchObject({ state: 'note', text: /AV1, VP9/ })
    expect(judge({ ...whole, filters: new Set(['scale', 'fps', 'aresample', 'bwdif']) })).toMatchObject({ state: 'note', text: /HDR/ })
    for (const version of ['5.1.9-0+deb12u1', '8.1.1', 'n7.1'])
      expect(judge({ ...whole, version }), `[T35] ${version}`).toMatchObject({ state: 'note', text: /CVE-2026-8461/ })
    for (const version of ['8.1.2', '8.2', 'N-120000-gabcdef']) expect(judge({ ...whole, version }).state, version).toBe('fine')
  })
})
