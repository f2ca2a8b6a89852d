import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFilm, readClicks, readNumbers } from '#server/testing/films.ts'
import { readCell } from '../cell/boxes.ts'
import { openRoom } from '../plan/make-plan.ts'
import { readOriginal } from './read-original.ts'

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac']
const dense = [...x264, '-g', '50', '-bf', '3']

async function openOriginal(path: string) {
  const file = await open(path)
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
    [
      'o.mp4',
      ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '8', '-x264-params', 'open-gop=1:keyint=50:scenecut=0', '-c:a', 'aac'],
      '25',
      'avc1.64',
    ],
    [
      'd.mp4',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=50:open-gop=0', '-tag:v', 'hvc1', '-c:a', 'aac'],
      '25',
      'hvc1.1.6.L',
    ],
    ['e.mp4', ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50', '-c:a', 'libopus'], '25', 'av01.0.'],
    [
      'f.mp4',
      ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '50', '-c:a', 'flac', '-strict', '-2'],
      '25',
      'vp09.00.',
    ],
  ])('%s %s: every frame once, in order, with its sound', { timeout: 120_000 }, async (file, output, rate, codec) => {
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

  test('is found without reading the film', async () => {
    await using room = await openRoom()
    const path = await makeFilm({ path: join(room.folder, 'a.mp4'), frames: 500, rate: '25', output: dense })
    await using from = await openOriginal(path)
    expect(from.original?.durationS).toBeCloseTo(20, 1)
    expect(from.reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(from.size / 5)
  })

  test.each([
    ['one keyframe only', 'b.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '99999', '-sc_threshold', '0'], 1000],
    ['a codec that no browser has', 'c.mov', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le'], 50],
    ['another container', 'd.avi', x264, 50],
  ])('has no row of its own with %s', { timeout: 60_000 }, async (_, file, output, frames) => {
    await using room = await openRoom()
    const path = await makeFilm({ path: join(room.folder, file), frames, rate: '25', width: 160, height: 90, output })
    await using from = await openOriginal(path)
    expect(from.original?.picture).toBeUndefined()
  })

  test('a file that lies about its index is no film, and nothing else happens', { timeout: 60_000 }, async () => {
    await using room = await openRoom()
    const path = await makeFilm({
      path: join(room.folder, 'a.mp4'),
      frames: 50,
      rate: '25',
      width: 160,
      height: 90,
      output: [...dense, '-movflags', 'faststart'],
    })
    const good = await readFile(path)
    const end = good.indexOf('mdat')
    let understood = 0
    for (let round = 0; round < 2000; round++) {
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
    expect(understood).toBeLessThan(2000)
  })
})
