import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ffmpeg, makeFilm, readNumbers } from '#server/testing/films.ts'
import { openRoom } from '../plan/make-plan.ts'
import type { ReadAt } from '../source/read-at.ts'
import { withBlanks } from './blanks.ts'
import { findPrivate } from './find-private.ts'

const over =
  (file: Uint8Array): ReadAt =>
  async (start, length) =>
    file.subarray(start, start + length)
const secret = 'Home of Anna 52.5'
const tags = ['title', 'artist', 'comment', 'location', 'make'].flatMap((name) => ['-metadata', `${name}=${secret}`])
const dated = ['-metadata', 'creation_time=2024-05-06T07:08:09Z']
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']

describe('what others get of an original', () => {
  test.each([
    ['a.mp4', ['-movflags', 'use_metadata_tags']],
    ['b.mp4', ['-movflags', 'faststart']],
    ['c.mov', []],
    ['d.mp4', ['-movflags', 'frag_keyframe+empty_moov']],
    ['e.mkv', ['-metadata:s:a', `title=${secret}`]],
  ])('[T33] says nothing of people: %s', { timeout: 400_000 }, async (file, more) => {
    await using room = await openRoom()
    const path = join(room.folder, file)
    await makeFilm({ path, frames: 30, rate: '25', width: 320, height: 180, output: [...x264, ...tags, ...dated, ...more] })
    const original = await readFile(path)
    expect(original.includes(secret)).toBe(true)
    const blanks = await findPrivate(over(original), original.length)
    if (!blanks) throw new Error('not understood')
    const clean = withBlanks(original, 0, blanks)
    expect(clean.length).toBe(original.length)
    const left = join(room.folder, `clean-${file}`)
    await writeFile(left, clean)
    const said = (
      await ffmpeg(['-v', 'error', '-i', left, '-map', '0', '-map', '-0:v', '-map', '-0:a?', '-f', 'ffmetadata', '-']).catch(() =>
        Buffer.from(''),
      )
    ).toString()
    expect(said).not.toContain(secret)
    // Names of tracks stand within the tracks of Matroska, where players need them.
    if (!file.endsWith('.mkv')) expect(Buffer.from(clean).includes(secret)).toBe(false)
    expect(await readNumbers(left)).toEqual(Array.from({ length: 30 }, (_, number) => number))
  })

  test('[T33] says nothing of where a telephone was: neither in its boxes nor in the stream that it writes beside the film', {
    timeout: 400_000,
  }, async () => {
    await using room = await openRoom()
    const place = '+52.5200+013.4049'
    const film = await makeFilm({ path: join(room.folder, 'film.mkv'), frames: 30, rate: '25', width: 320, height: 180, output: x264 })
    await writeFile(
      join(room.folder, 'places.srt'),
      `1\n00:00:00,000 --> 00:00:00,500\n${place}\n\n2\n00:00:00,600 --> 00:00:01,000\n${place}\n`,
    )
    const path = join(room.folder, 'a.mov')
    const told = ['location', 'com.apple.quicktime.location.ISO6709', 'com.apple.quicktime.make'].flatMap((name) => [
      '-metadata',
      `${name}=${place}`,
    ])
    const words = ['-c:v', 'copy', '-c:a', 'copy', '-c:s', 'mov_text', '-movflags', 'use_metadata_tags', ...told, path]
    await ffmpeg(['-v', 'error', '-i', film, '-i', join(room.folder, 'places.srt'), '-map', '0', '-map', '1', ...words])
    // As cameras mark it: FFmpeg writes no such stream itself.
    const original = await readFile(path)
    for (const [from, to] of [
      ['text', 'meta'],
      ['tx3g', 'gpmd'],
    ] as const) {
      for (let at = original.indexOf(from); at !== -1; at = original.indexOf(from, at + 4)) original.write(to, at, 'latin1')
    }
    await writeFile(path, original)
    expect(original.toString('latin1').split(place).length).toBeGreaterThan(4)
    const clean = withBlanks(original, 0, (await findPrivate(over(original), original.length)) ?? [])
    expect(Buffer.from(clean).includes(place.slice(1, 8))).toBe(false)
    expect(Buffer.from(clean).includes('gpmd')).toBe(false)
    expect(clean.length).toBe(original.length)
    await writeFile(path, clean)
    expect(await readNumbers(path)).toEqual(Array.from({ length: 30 }, (_, number) => number))
    // In fragments its places are not looked for: then nobody else gets the file.
    const broken = Buffer.from(original)
    for (let at = broken.indexOf('stsz'); at !== -1; at = broken.indexOf('stsz', at + 4)) broken.write('free', at, 'latin1')
    expect(await findPrivate(over(broken), broken.length)).toBeUndefined()
  })

  test('is the same clean file however it was cut into ranges', () => {
    const file = Uint8Array.from({ length: 200 }, (_, at) => at + 1)
    const blanks = [
      { start: 10, end: 40, head: Uint8Array.of(200, 201, 202, 203, 204, 205, 206, 207) },
      { start: 60, end: 64, head: new Uint8Array() },
      { start: 190, end: 200, head: Uint8Array.of(210, 211) },
    ]
    const whole = withBlanks(file, 0, blanks)
    expect(whole.subarray(8, 20)).toEqual(Uint8Array.of(9, 10, 200, 201, 202, 203, 204, 205, 206, 207, 0, 0))
    for (let size = 1; size < 50; size++) {
      const parts: Uint8Array[] = []
      for (let start = 0; start < file.length; start += size) parts.push(withBlanks(file.subarray(start, start + size), start, blanks))
      expect(Buffer.concat(parts).equals(whole)).toBe(true)
    }
  })

  test('is nothing where a container is not understood or is broken', async () => {
    for (const bytes of [
      Buffer.from('RIFF....AVI LIST'),
      Buffer.from('\0\0\0\x07ftypisom'),
      Buffer.from('\0\0\xff\xffmoov'),
      Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0]),
    ])
      expect(await findPrivate(over(bytes), bytes.length)).toBeUndefined()
  })
})
