import { open as openFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ffmpeg, makeFilm, readClicks, readNumbers } from '#server/testing/films.ts'
import { readCell } from '../cell/boxes.ts'
import { times } from '#server/testing/grounds.ts'
import { openRoom } from '../plan/make-plan.ts'
import { framesIn } from './matroska-blocks.ts'
import { readOriginal } from './read-original.ts'

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac']
const dense = [...x264, '-g', '50', '-bf', '3']
const open = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '8', '-x264-params', 'open-gop=1:keyint=50:scenecut=0', '-c:a', 'aac']
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '50']

async function openOriginal(path: string) {
  const file = await openFile(path)
  const { size } = await file.stat()
  const reads: number[] = []
  const original = await readOriginal(async (start, length) => {
    reads.push(length)
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)))
    await file.read(bytes, 0, bytes.length, start)
    return bytes
  }, size)
  return { original, reads, size, [Symbol.asyncDispose]: () => file.close() }
}

async function joined(original: NonNullable<Awaited<ReturnType<typeof readOriginal>>>, row: string, path: string) {
  const parts = [original.init(row) ?? new Uint8Array()]
  for (let number = 0; ; number++) {
    const bytes = await original.segment(row, number)
    if (!bytes) break
    expect(readCell(bytes).samples).toBeGreaterThan(0)
    parts.push(bytes)
  }
  await writeFile(path, Buffer.concat(parts))
  return { path, count: parts.length - 1 }
}

describe('what browsers already play is packaged, not encoded', () => {
  test.each([
    ['a.mp4', dense, '25', 'avc1.64'],
    ['b.mp4', [...dense, '-movflags', 'faststart'], '30000/1001', 'avc1.64'],
    ['c.mov', [...dense, '-profile:v', 'main'], '25', 'avc1.4d'],
    ['o.mp4', open, '25', 'avc1.64'],
    [
      'd.mp4',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=50:open-gop=0', '-tag:v', 'hvc1', '-c:a', 'aac'],
      '25',
      'hvc1.1.6.L',
    ],
    ['e.mp4', ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50', '-c:a', 'libopus'], '25', 'av01.0.'],
    ['f.mp4', [...vp9, '-c:a', 'flac', '-strict', '-2'], '25', 'vp09.00.'],
    ['m.mp4', [...dense, '-movflags', 'frag_keyframe+empty_moov+default_base_moof'], '30000/1001', 'avc1.64'],
    ['n.mp4', [...dense, '-movflags', 'frag_keyframe', '-frag_duration', '700000'], '25', 'avc1.64'],
    ['h.mkv', dense, '25', 'avc1.64'],
    ['i.mkv', [...dense, '-cluster_time_limit', '700'], '30000/1001', 'avc1.64'],
    ['j.webm', [...vp9, '-c:a', 'libopus'], '25', 'vp09.00.'],
    ['k.mkv', ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50', '-c:a', 'flac'], '24', 'av01.0.'],
    [
      'l.mkv',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=50:open-gop=0', '-c:a', 'aac'],
      '25',
      'hvc1.1.6.L',
    ],
  ])('%s %s: every frame once, in order, with its sound', { timeout: 400_000 }, async (file, output, rate, codec) => {
    await using room = await openRoom()
    const path = await makeFilm({ path: join(room.folder, file), frames: 250, rate, width: 320, height: 180, output })
    await using from = await openOriginal(path)
    const { original } = from
    if (!original?.picture) throw new Error('not packaged')
    expect(original.picture.codec).toContain(codec)
    expect([original.picture.width, original.picture.height]).toEqual([320, 180])
    const picture = await joined(original, 'o0', join(room.folder, 'picture.mp4'))
    expect(picture.count).toBe(original.picture.lengths.length)
    expect(picture.count).toBeGreaterThan(1)
    expect(await readNumbers(picture.path)).toEqual(Array.from({ length: 250 }, (_, number) => number))
    const [sound] = original.sounds
    if (!sound) throw new Error('no sound')
    const clicks = await readClicks((await joined(original, 's0', join(room.folder, 'sound.mp4'))).path)
    expect(clicks.length).toBeGreaterThanOrEqual(8)
    for (const [second, at] of clicks.entries()) expect(Math.abs(at - second - 0.5)).toBeLessThan(0.025)
    // What lies between the beginnings of two segments is what the playlist says.
    const starts = await Promise.all(
      original.picture.lengths.map(async (_, n) => readCell((await original.segment('o0', n)) ?? new Uint8Array()).startTicks),
    )
    const lengthTicks = original.picture.lengths.map((length, n) => length / ((starts[n + 1] ?? Number.NaN) - (starts[n] ?? 0)))
    for (const ratio of lengthTicks.slice(0, -1)) expect(Math.abs(ratio / (lengthTicks[0] ?? 1) - 1)).toBeLessThan(1e-6)
  })

  test.each(['a.mp4', 'a.mkv'])('%s is found without reading the film', { timeout: 400_000 }, async (file) => {
    await using room = await openRoom()
    const path = await makeFilm({ path: join(room.folder, file), frames: 500, rate: '25', output: dense })
    const long = join(room.folder, `long-${file}`)
    await ffmpeg(['-v', 'error', '-stream_loop', '39', '-i', path, '-map', '0', '-c', 'copy', long])
    await using from = await openOriginal(long)
    expect(from.original?.durationS).toBeGreaterThan(799)
    expect(from.reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(from.size / 5)
  })

  test.each([
    ['one keyframe only in Matroska', 'b.mkv', ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '99999', '-sc_threshold', '0'], 1000],
    ['pictures that need what was before their keyframe', 'o.mkv', open, 250],
    ['no index', 'n.webm', [...vp9, '-live', '1'], 50],
    ['one keyframe only', 'b.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '99999', '-sc_threshold', '0'], 1000],
    ['a codec that no browser has', 'c.mov', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le'], 50],
    ['another container', 'd.avi', x264, 50],
  ])('has no row of its own with %s', { timeout: 400_000 }, async (_, file, output, frames) => {
    await using room = await openRoom()
    const path = await makeFilm({ path: join(room.folder, file), frames, rate: '25', width: 160, height: 90, output })
    await using from = await openOriginal(path)
    expect(from.original?.picture).toBeUndefined()
  })

  test.each([
    ['a.mp4', ['-movflags', 'faststart'], 'mdat'],
    ['b.mp4', ['-movflags', 'frag_keyframe+empty_moov'], 'mdat'],
    // Its cues stand in front, too.
    ['c.mkv', ['-cues_to_front', '1', '-reserve_index_space', '2000'], '\u001f\u0043\u00b6\u0075'],
  ])('%s that lies about its index is no film, and nothing else happens', { timeout: 400_000 }, async (file, words, until) => {
    await using room = await openRoom()
    const path = join(room.folder, file)
    await makeFilm({ path, frames: 50, rate: '25', width: 160, height: 90, output: [...dense, ...words] })
    const good = await readFile(path)
    // What stands before the first data, and the first heads of those.
    const end = good.indexOf(until, 0, 'latin1') + 60
    expect(end).toBeGreaterThan(500)
    let understood = 0
    const rounds = times(300, 2000)
    for (let round = 0; round < rounds; round++) {
      const bad = Uint8Array.from(good)
      // Seeded: the same lies every time.
      for (let i = 0; i < 4; i++) bad[(round * 7919 + i * 104_729) % end] = (round * 31 + i * 17) & 255
      const readAt = async (start: number, length: number) => bad.subarray(start, start + length)
      const original = await readOriginal(readAt, bad.length)
      if (!original) continue
      understood++
      for (const { name } of [...(original.picture ? [original.picture] : []), ...original.sounds])
        await original.segment(name, 0).catch(() => undefined)
    }
    expect(understood).toBeLessThan(rounds)
  })

  test('sound that no browser plays is not forgotten', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    for (const file of ['a.mp4', 'a.mkv']) {
      const output = [...x264, '-g', '50', '-c:a', 'ac3']
      await using from = await openOriginal(await makeFilm({ path: join(room.folder, file), frames: 50, rate: '25', output }))
      expect([from.original?.picture?.name, from.original?.sounds, from.original?.hasOtherSounds]).toEqual(['o0', [], true])
    }
  })

  test('several packets in one block are found one by one, however their lengths are told', () => {
    const packets = [300, 20, 21, 255].map((length, place) => new Uint8Array(length).fill(place + 1))
    const even = packets.map((_, place) => new Uint8Array(20).fill(place + 1))
    const laces: [number, Uint8Array[], number[]][] = [
      [1, packets, [3, 255, 45, 20, 21]],
      // 300, then 280 less, then one more.
      [3, packets, [3, 0x41, 0x2c, 0x5e, 0xe7, 0xc0]],
      [2, even, [3]],
    ]
    for (const [lacing, frames, told] of laces) {
      const block = Buffer.concat([Uint8Array.of(0x81, 0, 5, lacing << 1, ...told), ...frames])
      const size = (length: number) => Uint8Array.of(0x40 | (length >> 8), length & 255)
      const inside = Buffer.concat([Uint8Array.of(0xe7, 0x81, 10, 0xa3), size(block.length), block])
      const cluster = Buffer.concat([Uint8Array.of(0x1f, 0x43, 0xb6, 0x75), size(inside.length), inside])
      const found = [...framesIn(cluster)]
      expect(found.map(({ track, time, lace }) => [track, time, lace])).toEqual([0, 1, 2, 3].map((lace) => [1, 15, lace]))
      expect(found.map(({ start, end }) => Uint8Array.from(cluster.subarray(start, end)))).toEqual(frames)
    }
  })
})
