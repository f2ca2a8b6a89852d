import { expect, test } from 'vitest'
import { declaredBandwidth, ladder } from '../plan/ladder.ts'
import type { VideoPlan } from '../plan/plan.ts'
import { masterPlaylist, soundOnlyPlaylist } from './master-playlist.ts'
import { audioLengths, mediaPlaylist, videoLengths } from './media-playlist.ts'

const rate = { num: 24_000, den: 1001 }
const video: VideoPlan = {
  stream: 0,
  rate,
  frames: 504,
  framesPerCell: 96,
  isInterlaced: false,
  tone: 'sdr',
  rows: ladder({ width: 1280, height: 720 }, 23.976),
  endS: 21,
}

test('a playlist names every cell before any is made, and its lengths add up to the film', () => {
  const lengths = videoLengths(video)
  const playlist = mediaPlaylist('v720', lengths)
  expect(playlist.match(/#EXTINF/g)).toHaveLength(6)
  expect(playlist).toContain('#EXT-X-MAP:URI="v720/init.mp4"')
  expect(playlist).toContain('v720/5.m4s\n#EXT-X-ENDLIST')
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeCloseTo((504 * 1001) / 24_000, 9)
  const target = Number(/TARGETDURATION:(\d+)/.exec(playlist)?.[1])
  for (const length of lengths) expect(Math.round(length)).toBeLessThanOrEqual(target)
})

test('cells of sound last eight seconds to the sample', () => {
  expect(
    audioLengths({ name: 'a0', stream: 1, language: 'und', title: '', channels: 2, bitRate: 160_000, isDefault: true, frames: 400 }),
  ).toEqual([8, (25 * 1024) / 48_000])
})

test('names out of strangers’ files stay within their quotes', () => {
  const sound = { uri: 'a0.m3u8', name: 'x",URI="https://evil.example\n#EXT', language: 'zh', channels: 2, isDefault: true }
  const variants = video.rows.map((row) => ({
    uri: `${row.name}.m3u8`,
    bandwidth: declaredBandwidth(row.maxRate),
    codecs: ['avc1.64001f'],
    width: row.width,
    height: row.height,
    rate,
  }))
  const master = masterPlaylist({
    variants,
    sounds: [sound],
    subtitles: [{ uri: 't0.m3u8', name: '中文', language: 'zh', isDefault: false, isForced: false }],
    soundCodec: 'mp4a.40.2',
  })
  const media = master.split('\n').filter((line) => line.startsWith('#EXT-X-MEDIA:TYPE=AUDIO'))
  expect(media).toHaveLength(1)
  expect(media[0]?.match(/"/g)).toHaveLength(10)
  expect(master.match(/#EXT-X-STREAM-INF/g)).toHaveLength(video.rows.length)
  expect(master).toContain('CODECS="avc1.64001f,mp4a.40.2"')
})

test('a film without pictures is its sound', () => {
  const playlist = soundOnlyPlaylist({
    uri: 'a0.m3u8',
    name: '',
    language: 'und',
    channels: 2,
    isDefault: true,
    bandwidth: 170_000,
    codec: 'mp4a.40.2',
  })
  expect(playlist).toContain('#EXT-X-STREAM-INF:BANDWIDTH=170000,CODECS="mp4a.40.2"\na0.m3u8')
})
