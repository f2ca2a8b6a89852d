import { expect, test } from 'vitest'
import { parseTime, toTime } from '../finder/moments.ts'
import { readCues, shiftCues, writeCues } from './webvtt.ts'

test('times are read as people type them, and written so that they are read as the same', () => {
  expect(['62.5', '1:02', '1:02:03.25', '1：02', ' 0:07,5 '].map(parseTime)).toEqual([62_500, 62_000, 3_723_250, 62_000, 7500])
  expect(['', '1:', 'a', '-1', '1:2:3:4', '1.2345'].map(parseTime)).toEqual(Array.from({ length: 6 }))
  expect([0, 62_500, 3_723_250, 59_999].map(toTime)).toEqual(['0:00', '1:02.5', '1:02:03.25', '0:59.999'])
  for (const ms of [0, 1, 999, 60_000, 3_600_001, 86_399_999]) expect(parseTime(toTime(ms))).toBe(ms)
})

test('subtitles keep their marks through the editor; empty and impossible cues are left out, and the rest stands in order', () => {
  const file =
    '\uFEFFWEBVTT\r\n\r\nnote\r\n\r\n7\r\n00:05.000 --> 00:06.500 line:0\r\n<i>two</i> &amp; three\r\nlines\r\n\r\n00:00:01.000 --> 00:00:02.000\r\none\r\n'
  const cues = readCues(file)
  expect(cues).toEqual([
    { key: 0, fromMs: 5000, toMs: 6500, text: '<i>two</i> &amp; three\nlines' },
    { key: 1, fromMs: 1000, toMs: 2000, text: 'one\n' },
  ])
  const more = [...cues, { key: 2, fromMs: 9, toMs: 9, text: 'never' }, { key: 3, fromMs: 9, toMs: 10, text: ' ' }]
  expect(writeCues(more)).toBe(
    'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\none\n\n00:00:05.000 --> 00:00:06.500\n<i>two</i> &amp; three\nlines\n',
  )
})

test('shifted subtitles stop at the beginning of the film', () => {
  const cues = readCues('WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:05.000 --> 00:06.500\ntwo')
  expect(shiftCues(cues, 1500).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [2500, 3500],
    [6500, 8000],
  ])
  expect(shiftCues(cues, -2500).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([[2500, 4000]])
  expect(shiftCues(cues, -1500).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [0, 500],
    [3500, 5000],
  ])
})
