import { expect, test } from 'vitest'
import { parseStoryboard, stillAt } from '../controls/storyboard.ts'
import { cuesAt, parseCues } from './cues.ts'

const file = `\uFEFFWEBVTT - a film

NOTE nobody reads this --> not a cue

STYLE
::cue { color: red }

2
00:00:04.000 --> 00:00:06.500 line:10% align:start
<v Mei>We <i>meet</i> at &lt;eight&gt; &amp; no later</v>
tonight

1
00:01.000 --> 00:02.000
First

bad
00:09.000 --> 00:08.000
never

00:10.000 --> oops
never
`

test('cues come in order, as plain text, and what is no cue is left out', () => {
  expect(parseCues(file.replaceAll('\n', '\r\n'))).toEqual([
    { fromS: 1, toS: 2, text: 'First' },
    { fromS: 4, toS: 6.5, text: 'We meet at <eight> & no later\ntonight' },
  ])
  expect(parseCues('')).toEqual([])
})

test('[T9] a script in a subtitle stays the text it is', () => {
  const [cue] = parseCues('WEBVTT\n\n00:00.000 --> 00:01.000\n1 < 2 &lt;script&gt;alert(1)&lt;/script&gt;')
  expect(cue?.text).toBe('1 < 2 <script>alert(1)</script>')
})

test('at a moment stand those whose time it is', () => {
  const cues = parseCues(file)
  expect([0.9, 1, 1.999, 2, 5].map((at) => cuesAt(cues, at).length)).toEqual([0, 1, 1, 0, 1])
})

test('a storyboard names pictures of this house alone', () => {
  const text =
    'WEBVTT\n\n00:00.000 --> 00:05.000\n0.jpg#xywh=0,0,160,90\n\n00:05.000 --> 00:10.000\n0.jpg#xywh=160,0,160,90\n\n00:10.000 --> 00:15.000\nhttps://elsewhere.example/1.jpg#xywh=0,0,1,1\n'
  const board = parseStoryboard(text, 'http://house.example/stream/abc/storyboard.vtt')
  expect(board.map(({ url, x }) => [url, x])).toEqual([
    ['http://house.example/stream/abc/0.jpg', 0],
    ['http://house.example/stream/abc/0.jpg', 160],
  ])
  expect([stillAt(board, 4)?.x, stillAt(board, 7)?.x, stillAt(board, 99)?.x, stillAt([], 1)]).toEqual([0, 160, 160, undefined])
})
