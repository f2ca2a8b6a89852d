import { createServer } from 'node:http'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { ffmpeg, makeFilm } from '#server/testing/films.ts'
import { times } from '#server/testing/grounds.ts'
import { openRoom } from './plan/make-plan.ts'
import { prepareFilm } from './source/prepare.ts'
import { openSeal, type Seal } from './tool/seal.ts'

const secret = 'the words of another file'
let seal: Seal & AsyncDisposable
let room: Awaited<ReturnType<typeof openRoom>>
let asked: string[]
let listener: ReturnType<typeof createServer>
let port = 0

beforeAll(async () => {
  ;[seal, room] = await Promise.all([openSeal(), openRoom()])
  asked = []
  listener = createServer((request, answer) => {
    asked.push(request.url ?? '')
    answer.end(secret)
  })
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready))
  const address = listener.address()
  port = typeof address === 'object' && address ? address.port : 0
})
afterAll(async () => {
  await new Promise((closed) => listener.close(closed))
  await room[Symbol.asyncDispose]()
  await seal[Symbol.asyncDispose]()
})

const never = new AbortController().signal

/** What becomes of a file, with every byte that was written on the way. */
async function prepare(name: string, bytes: Uint8Array) {
  const folder = join(room.folder, `${name}-kept`)
  await mkdir(folder, { recursive: true })
  const source = join(room.folder, name)
  await writeFile(source, bytes)
  const prepared = await prepareFilm(seal, { source, folder }, never)
  const kept = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file))))
  return { prepared, said: Buffer.concat([Buffer.from(JSON.stringify(prepared)), ...kept]) }
}

/** Files that are no films but lead to others, each under the name of a film. */
function leading(other: string): [string, string][] {
  const here = `http://127.0.0.1:${port}`
  const list = (address: string) => `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${address}\n#EXT-X-ENDLIST\n`
  return [
    ...['file', 'subfile,,start,0,end,0,,', 'concat', 'cache', 'async', 'crypto', 'data', 'pipe'].map((protocol): [string, string] => [
      `list-${protocol.replaceAll(/\W/g, '')}.mp4`,
      list(`${protocol}:${other}`),
    ]),
    ['list-plain.mov', list(other)],
    ['list-http.mp4', list(`${here}/list`)],
    ['list-key.ts', list('x').replace('#EXTINF', `#EXT-X-KEY:METHOD=AES-128,URI="${here}/key"\n#EXTINF`)],
    ['list-map.mkv', list('x').replace('#EXTINF', `#EXT-X-MAP:URI="file://${other}"\n#EXTINF`)],
    ['master.mp4', `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${here}/master\n`],
    ['concat.avi', `ffconcat version 1.0\nfile '${other}'\nfile '${here}/concat'\n`],
    ['concat-odd.mkv', `ffconcat version 1.0\nfile '${other}'\noption safe 0\n`],
    ['dash.mp4', `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>${here}/dash</BaseURL></Period></MPD>`],
    ['smooth.wmv', `<asx version="3.0"><entry><ref href="${here}/asx"/></entry></asx>`],
    ['session.mp4', `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`],
    ['still.gif', `<svg xmlns="http://www.w3.org/2000/svg"><image href="file://${other}"/></svg>`],
    ['entity.mov', `<!DOCTYPE x [<!ENTITY e SYSTEM "file://${other}">]><x>&e;</x>`],
    ['words.mkv', `[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:09.00,D,,0,0,0,,${other}\n`],
    ['vobsub.vob', `# VobSub index file, v7\ntimestamp: 00:00:00:000, filepos: 000000000\nlangidx: 0\n`],
    ['script.avs', `AviSource("${other}")\n`],
  ]
}

describe('[T1] files that should not be sent', () => {
  test('lead to no other file and to no address', { timeout: 400_000 }, async () => {
    const other = join(room.folder, 'another')
    await writeFile(other, secret)
    // Words are refused as such; behind a byte that is none, tools look at them.
    for (const [name, text] of [...leading(other), ...leading(other).map(([name, text]) => [name, `${text}\0`] as const)]) {
      const { prepared, said } = await prepare(name, Buffer.from(text))
      expect(prepared.state, name).toBe('refused')
      expect(said.includes(secret), name).toBe(false)
    }
    expect(asked).toEqual([])
  })

  test('larger, longer or more than anybody shows are refused before they are opened up', { timeout: 400_000 }, async () => {
    const small = { frames: 25, rate: '25', width: 160, height: 90, sound: 'none' as const }
    await makeFilm({ ...small, path: join(room.folder, 'small.mkv'), output: x264 })
    const gif = await readFile(await makeFilm({ ...small, frames: 3, path: join(room.folder, 'small.gif'), output: [] }))
    for (const at of [6, 8]) gif.writeUInt16LE(65_535, at)
    const still = { create: { width: 8000, height: 3000, channels: 3 as const, background: '#fff' } }
    const page = await sharp(still).webp({ effort: 0 }).toBuffer()
    const bomb = await bombOf(page, 400)
    for (const [name, bytes] of [
      ['large.gif', gif],
      ['bomb.webp', bomb],
    ] as const) {
      const { prepared } = await prepare(name, bytes)
      expect(prepared.state, name).toBe('refused')
    }
    const many = join(room.folder, 'many.mkv')
    const maps = Array.from({ length: 40 }, () => ['-map', '0']).flat()
    await ffmpeg(['-v', 'error', '-i', join(room.folder, 'small.mkv'), ...maps, '-c', 'copy', many])
    expect((await prepare('streams.mkv', await readFile(many))).prepared).toMatchObject({ state: 'refused', why: 'too_many_streams' })
  })

  test('a file is asked what it is without opening what hardly anybody uses', { timeout: 400_000 }, async () => {
    const path = join(room.folder, 'magic.mkv')
    await ffmpeg(['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=0.2', '-c:v', 'magicyuv', path])
    const { prepared } = await prepare('exotic.mkv', await readFile(path))
    expect(prepared).toMatchObject({ state: 'refused', why: 'codec', code: 'media.codec' })
    expect(prepared.state === 'refused' && prepared.log).toContain('not on whitelist')
  })

  test('rotten in any place, end as a film or with a reason', { timeout: 600_000 }, async () => {
    const kinds = ['mp4', 'mkv', 'ts', 'avi', 'flv', 'mov', 'mpg', '3gp']
    const films = new Map<string, Buffer>()
    for (const kind of kinds) {
      const path = join(room.folder, `good.${kind}`)
      const output = kind === 'mpg' ? ['-c:v', 'mpeg2video'] : x264
      await makeFilm({ path, frames: 12, rate: '25', width: 96, height: 64, sound: 'none', output })
      films.set(kind, await readFile(path))
    }
    const random = seeded(5)
    for (let round = 0; round < times(16, 300); round++) {
      const kind = kinds[round % kinds.length] ?? ''
      const rotten = Buffer.from(films.get(kind) ?? '')
      for (let i = 0; i < 1 + random(30); i++) rotten[random(round % 2 === 0 ? 800 : rotten.length) % rotten.length] = random(256)
      const { prepared } = await prepare(`rotten-${round}.${kind}`, rotten)
      expect(prepared.state === 'ready' || prepared.code.startsWith('media.')).toBe(true)
    }
  })
})

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast']

/** An animated WebP of many frames, all of which are the same few bytes. */
async function bombOf(still: Buffer, frames: number): Promise<Buffer> {
  const image = still.subarray(12)
  const chunk = (name: string, content: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(name, 0, 'latin1')
    head.writeUInt32LE(content.length, 4)
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
  }
  const sides = Buffer.alloc(6)
  sides.writeUIntLE(8000 - 1, 0, 3)
  sides.writeUIntLE(3000 - 1, 3, 3)
  const frame = chunk('ANMF', Buffer.concat([Buffer.alloc(6), sides, Buffer.from([100, 0, 0, 0]), image]))
  const head = chunk('VP8X', Buffer.concat([Buffer.from([2, 0, 0, 0]), sides]))
  const body = Buffer.concat([Buffer.from('WEBP'), head, chunk('ANIM', Buffer.alloc(6)), ...Array.from({ length: frames }, () => frame)])
  return chunk('RIFF', body)
}

function seeded(seed: number): (below: number) => number {
  let state = seed * 7919
  return (below) => {
    state = (state * 16_807) % 2_147_483_647
    return state % below
  }
}
