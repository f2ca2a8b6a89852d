import { audioCells, audioSeconds, audioSpan, videoCells, videoSeconds, videoSpan } from '../plan/cells.ts'
import type { AudioRow, VideoPlan } from '../plan/plan.ts'

/** A complete playlist of a row: every cell is named, though it may not be made yet. Names are relative, so that signed paths are inherited. */
export function mediaPlaylist(row: string, lengths: readonly number[]): string {
  const longest = Math.max(1, ...lengths.map((length) => Math.round(length)))
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${longest}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${row}/init.mp4"`,
    ...lengths.flatMap((length, cell) => [`#EXTINF:${length.toFixed(6)},`, `${row}/${cell}.m4s`]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
}

export function videoLengths(video: VideoPlan): number[] {
  return Array.from({ length: videoCells(video) }, (_, cell) => {
    const { start, end } = videoSpan(video, cell)
    return videoSeconds(video, end - start)
  })
}

export function audioLengths(row: AudioRow): number[] {
  return Array.from({ length: audioCells(row) }, (_, cell) => {
    const { start, end } = audioSpan(row, cell)
    return audioSeconds(end - start)
  })
}
