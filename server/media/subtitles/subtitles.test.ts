import { describe, expect, test } from 'vitest'
import { readSubtitles, toWebVtt } from './read-subtitles.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const vttOf = (bytes: Uint8Array) => {
  const read = readSubtitles(bytes)
  return read.state === 'read' ? toWebVtt(read.cues) : read.why
}
const oneCue = (text: string) => `1\n00:00:01,500 --> 00:00:03,000\n${text}\n`

// 我在这里看电影，你为什么不来 / 我在這裡看電影，你為什麼不來: as the two old tables of bytes write them.
const gb18030 = Buffer.from('ced2d4dad5e2c0efbfb4b5e7d3b0a3acc4e3ceaacab2c3b4b2bbc0b4', 'hex')
const big5 = Buffer.from('a7daa662b36fb8ccacddb971bc76a141a741acb0a4b0bbf2a4a3a8d3', 'hex')
const around = (middle: Uint8Array) => Buffer.concat([utf8('1\n00:00:01,500 --> 00:00:03,000\n'), middle, utf8('\n')])
const wide = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(text, 'utf16le')
  return isBig ? bytes.swap16() : bytes
}

describe('subtitles beside a film', () => {
  test.each([
    ['UTF-8 with a mark', utf8(`\ufeff${oneCue('我在这里')}`), 'utf-8', '我在这里'],
    ['GB18030', around(gb18030), 'gb18030', '我在这里看电影，你为什么不来'],
    ['Big5', around(big5), 'big5', '我在這裡看電影，你為什麼不來'],
    ['UTF-16 with a mark', wide(`\ufeff${oneCue('我在这里')}`, false), 'utf-16le', '我在这里'],
    ['UTF-16 without one', wide(oneCue('你好 again and again'), false), 'utf-16le', '你好 again and again'],
    ['UTF-16, the other end first', wide(oneCue('你好 again and again'), true), 'utf-16be', '你好 again and again'],
    ['the old one of the West', Buffer.from(oneCue('déjà vu'), 'latin1'), 'windows-1252', 'déjà vu'],
  ])('are read in %s', (_, bytes, charset, text) => {
    expect(readSubtitles(bytes)).toMatchObject({ state: 'read', charset, cues: [{ startMs: 1500, endMs: 3000, text }] })
  })

  test('come out as WebVTT, in the order of their times', () => {
    const srt =
      '2\r\n00:01:00,000 --> 00:01:02,000\r\nlater\r\n\r\n1\r\n00:00:01,5 --> 00:00:02,25\r\n{\\an8}<i>first</i>\r\nsecond line\r\n'
    const first = '00:00:01.500 --> 00:00:02.250 line:5%\n<i>first</i>\nsecond line\n'
    expect(vttOf(utf8(srt))).toBe(`WEBVTT\n\n${first}\n00:01:00.000 --> 00:01:02.000\nlater\n`)
  })

  test('in WebVTT lose their styles, regions and settings, and keep their words', () => {
    const vtt =
      'WEBVTT x\n\nSTYLE\n::cue{background:url(http://a.example/)}\n\nNOTE hello\n\nid\n00:01.000 --> 00:02.000 position:10%\n<v Ann><c.red>a &amp; b</c></v>\n'
    expect(vttOf(utf8(vtt))).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na &amp; b\n')
  })

  test('in ASS give their words, slant, weight and height, but no drawings', () => {
    const ass = `[Script Info]\nTitle: x\n[Events]\nFormat: Layer, Start, End, Style, Text
Dialogue: 0,0:00:05.00,0:00:06.50,Default,{\\an8\\b1\\i1\\fs99}Hello,{\\b0} you\\Nthere
Dialogue: 0,0:00:01.00,0:00:02.00,Default,{\\p1}m 0 0 l 100 100{\\p0}
Comment: 0,0:00:01.00,0:00:02.00,Default,not said\n`
    expect(vttOf(utf8(ass))).toBe('WEBVTT\n\n00:00:05.000 --> 00:00:06.500 line:5%\n<b><i>Hello,</i></b><i> you\nthere</i>\n')
  })

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<<i>script>alert(1)<</i>/script>',
    '<b onclick=x>a</b>',
    '<i><b>crossed</i></b><u>',
    '&lt;script&gt;',
    '00:00:09.000 --> 00:00:10.000',
    '<c.x><v\n y>text',
    '--> WEBVTT',
  ])('give no tag beyond i, b and u, each closed: %s', (hostile) => {
    for (const text of [
      vttOf(utf8(oneCue(hostile))),
      vttOf(utf8(`[Events]\nDialogue: 0,0:00:01.50,0:00:03.00,D,,0,0,0,,${hostile.replaceAll('\n', '')}`)),
    ]) {
      const open: string[] = []
      for (const [tag] of text.matchAll(/<[^>]*>/g)) {
        expect(tag).toMatch(/^<\/?[ibu]>$/)
        if (tag.startsWith('</')) expect(open.pop()).toBe(tag.replace('/', ''))
        else open.push(tag)
      }
      expect(open).toEqual([])
      expect(text.split('\n').filter((line) => line.includes('-->')).length).toBeLessThanOrEqual(1)
    }
  })

  test('that are too large or too many are refused, and so is what is none', () => {
    expect(readSubtitles(new Uint8Array(5 * 2 ** 20))).toMatchObject({ state: 'refused', why: 'subtitles_too_large' })
    const many = '0:0\n'.repeat(1) + '00:01,0-->00:02,0\na\n\n'.repeat(60_000)
    expect(readSubtitles(utf8(many))).toMatchObject({ state: 'refused', why: 'subtitles_too_many' })
    expect(readSubtitles(utf8('no subtitles at all'))).toMatchObject({ state: 'refused', why: 'subtitles_unreadable' })
    expect(readSubtitles(new Uint8Array())).toMatchObject({ state: 'refused', why: 'subtitles_unreadable' })
  })
})
