import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ffmpeg } from '#server/testing/films.ts'
import { chaptersOf, chaptersTrack } from '../plan/chapters.ts'
import { openRoom } from '../plan/make-plan.ts'
import { prepareFilm } from '../source/prepare.ts'
import { measureLoudness } from '../sound/loudness.ts'
import { openSeal, type Seal } from '../tool/seal.ts'
import { encodePoster, thumbhashOf } from './picture.ts'
import { planStoryboard, storyboardTrack } from './storyboard-plan.ts'
import { takeCover, takePoster, takePreview, takeSheet } from './take-pictures.ts'

let seal: Seal & AsyncDisposable
beforeAll(async () => {
  seal = await openSeal()
})
afterAll(async () => await seal[Symbol.asyncDispose]())

const { signal } = new AbortController()

async function prepared(path: string, folder: string) {
  const film = await prepareFilm(seal, { source: path, folder }, signal)
  if (film.state !== 'ready') throw new Error(film.why)
  return { plan: film.plan, probe: film.probe, source: film.path }
}

/** Red, then green, then blue, by thirds; black before and after. */
async function colours(path: string) {
  const part = (colour: string, seconds: number) => ['-f', 'lavfi', '-i', `color=${colour}:s=640x360:r=25:d=${seconds}`]
  const parts = [...part('black', 2), ...part('red', 3), ...part('lime', 3), ...part('blue', 3), ...part('black', 1)]
  const joined = '[0][1][2][3][4]concat=n=5:v=1:a=0,format=yuv420p'
  await ffmpeg(['-v', 'error', '-y', ...parts, '-filter_complex', joined, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', path])
  return path
}

const middle = async (bytes: Uint8Array, left: number, top: number) => {
  const { data } = await sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return ['red', 'green', 'blue'].filter((_, channel) => (data[channel] ?? 0) > 128).join(' ') || 'black'
}

describe('pictures of a film', () => {
  test('the poster is not black, or the very frame that was chosen; in three formats and widths', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const film = await prepared(await colours(join(room.folder, 'a.mp4')), room.folder)
    const poster = await takePoster(seal, film, signal)
    if (!poster) throw new Error('no poster')
    const encoded = await encodePoster(poster.picture)
    expect(encoded.map(({ width, format }) => `${width}.${format}`)).toEqual(
      [320, 640, 1280].flatMap((width) => ['avif', 'webp', 'jpg'].map((format) => `${width}.${format}`)),
    )
    for (const { bytes, width, format } of encoded) {
      const facts = await sharp(bytes).metadata()
      expect([facts.width, facts.height]).toEqual([Math.min(640, width), (Math.min(640, width) * 9) / 16])
      expect(facts.format).toBe({ avif: 'heif', webp: 'webp', jpg: 'jpeg' }[format])
      expect(await middle(bytes, 100, 100)).not.toBe('black')
      expect([facts.exif, facts.xmp, facts.iptc]).toEqual([undefined, undefined, undefined])
    }
    for (const [atS, colour] of [
      [2.02, 'red'],
      [4.96, 'red'],
      [5.02, 'green'],
      [10.9, 'blue'],
      [99, 'black'],
    ] as const) {
      const chosen = await takePoster(seal, { ...film, atS }, signal)
      if (!chosen) throw new Error(`no frame at ${atS}`)
      expect(
        await middle(
          await sharp(chosen.picture.rgb, { raw: { ...chosen.picture, channels: 3 } })
            .png()
            .toBuffer(),
          9,
          9,
        ),
      ).toBe(colour)
    }
    expect(Buffer.from(await thumbhashOf(poster.picture), 'base64').length).toBeLessThan(40)
  })

  test('the storyboard shows each moment in its place', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const film = await prepared(await colours(join(room.folder, 'a.mp4')), room.folder)
    const board = planStoryboard(film.plan)
    if (!board) throw new Error('no storyboard')
    expect({ ...board, sheets: board.sheets.length }).toEqual({
      size: { width: 160, height: 90 },
      intervalS: 1,
      count: 12,
      columns: 10,
      sheets: 1,
      isKeysOnly: false,
    })
    const sheet = await takeSheet(seal, { ...film, board, sheet: 0 }, signal)
    if (!sheet) throw new Error('no sheet')
    const track = storyboardTrack(board, film.plan.durationMs, (n) => `${n}.webp`)
    const places = [...track.matchAll(/^(\S+) --> (\S+)\n0[.]webp#xywh=(\d+),(\d+),160,90$/gm)]
    expect(places.length).toBe(12)
    expect(places[11]?.[2]).toBe('00:00:12.000')
    const shown = await Promise.all(places.map(([, , , x, y]) => middle(sheet, Number(x) + 80, Number(y) + 45)))
    expect(shown.slice(3, 5)).toEqual(['red', 'red'])
    expect(shown.slice(6, 8)).toEqual(['green', 'green'])
    expect([shown[0], shown[9], shown[11]]).toEqual(['black', 'blue', 'black'])
  })

  test('a long film has sheets that any machine makes alone, of keyframes', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const path = join(room.folder, 'a.mp4')
    const words = ['-v', 'error', '-y', '-f', 'lavfi', '-i', "nullsrc=s=64x64:r=2:d=300,geq=lum='16+mod(N\\,200)':cb=128:cr=128"]
    await ffmpeg([...words, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '4', '-pix_fmt', 'yuv420p', path])
    const film = await prepared(path, room.folder)
    const board = planStoryboard(film.plan)
    if (!board) throw new Error('no storyboard')
    expect([board.isKeysOnly, board.intervalS, board.count, board.sheets.length]).toEqual([true, 1, 300, 3])
    const sheet = await takeSheet(seal, { ...film, board, sheet: 1 }, signal)
    const { data, info } = await sharp(sheet).greyscale().raw().toBuffer({ resolveWithObject: true })
    const lightAt = (place: number) =>
      data[((Math.floor(place / 10) + 0.5) * board.size.height * info.width + ((place % 10) + 0.5) * board.size.width) * info.channels] ?? 0
    // The hundred and first picture is of the hundredth second: frame 200, where the light begins anew.
    expect(lightAt(0)).toBeLessThan(20)
    expect(lightAt(90) - lightAt(10)).toBeGreaterThan(120)
  })

  test('a few seconds move, and a sound shows its cover', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const film = await prepared(await colours(join(room.folder, 'a.mp4')), room.folder)
    const preview = await takePreview(seal, film, signal)
    const facts = await sharp(preview, { animated: true }).metadata()
    expect([facts.width, facts.pageHeight]).toEqual([320, 180])
    // Frames that do not differ are one that lasts longer.
    expect(facts.pages).toBeGreaterThan(3)
    expect(facts.delay?.reduce((sum, delay) => sum + delay)).toBe(24 * 167)

    const cover = join(room.folder, 'cover.jpg')
    await sharp({ create: { width: 300, height: 200, channels: 3, background: 'lime' } })
      .jpeg()
      .toFile(cover)
    const song = join(room.folder, 'a.mp3')
    const sound = ['-f', 'lavfi', '-i', 'sine=d=3']
    await ffmpeg([
      '-v',
      'error',
      '-y',
      ...sound,
      '-i',
      cover,
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
      song,
    ])
    const heard = await prepared(song, room.folder)
    expect(heard.probe.cover).toBe(1)
    const taken = await takeCover(seal, { source: heard.source, stream: 1 }, signal)
    if (!taken) throw new Error('no cover')
    expect(
      await middle(
        await sharp(taken.rgb, { raw: { ...taken, channels: 3 } })
          .png()
          .toBuffer(),
        320,
        320,
      ),
    ).toBe('green')
    expect(await takePoster(seal, heard, signal)).toBeUndefined()
  })
})

describe('sound and chapters', () => {
  test('loudness is measured in one pass, and said as a gain that cuts nothing off', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const measured = async (name: string, sound: string) => {
      const path = join(room.folder, name)
      await ffmpeg(['-v', 'error', '-y', '-f', 'lavfi', '-i', sound, '-c:a', 'flac', path])
      const film = await prepared(path, join(room.folder, 'prepared'))
      const [row] = film.plan.audio
      return row && (await measureLoudness(seal, { source: film.source, row }, signal))
    }
    // EBU Tech 3341, case 1: a sine of 1 kHz at -23 dBFS in both channels is -23 LUFS.
    const quiet = await measured(
      'a.flac',
      `aevalsrc='${10 ** (-23 / 20)}*sin(2*PI*1000*t)|${10 ** (-23 / 20)}*sin(2*PI*1000*t)':s=48000:d=10`,
    )
    expect(quiet?.integrated).toBeCloseTo(-23, 0)
    expect(quiet?.peak).toBeCloseTo(-23, 0)
    expect(quiet?.gainDb).toBeCloseTo(7, 0)
    const loud = await measured('b.flac', "aevalsrc='0.9*sin(2*PI*1000*t)|0.9*sin(2*PI*1000*t)':s=48000:d=10")
    expect(loud?.gainDb).toBeLessThan(-14)
    expect(await measured('c.flac', 'anullsrc=d=5')).toBeUndefined()
  })

  test('chapters stand on the time of the film', () => {
    const chapter = (startS: number, title: string) => ({ startS, endS: startS + 1, title })
    const probe = { start: '1.400000', chapters: [chapter(60, 'b <i>'), chapter(0, 'a\nx'), chapter(60, 'twice'), chapter(500, 'late')] }
    const plan = { durationMs: 100_000, origin: '1.400000' }
    expect(chaptersOf(probe, plan)).toEqual([
      { startMs: 0, endMs: 60_000, title: 'a x' },
      { startMs: 60_000, endMs: 100_000, title: 'b <i>' },
    ])
    expect(chaptersTrack(chaptersOf(probe, plan))).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:01:00.000\na x\n\n00:01:00.000 --> 00:01:40.000\nb &lt;i&gt;\n',
    )
    expect(chaptersOf({ ...probe, chapters: [chapter(0, 'all')] }, plan)).toEqual([])
  })
})
