import { expect, test } from 'vitest'
import { contentRange, multipart, noContentRange, rangeAnswer } from './range-requests.ts'

const tag = '"abc"'
const modifiedMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const film = { size: 1000, tag, modifiedMs }
const empty = { size: 0, tag, modifiedMs }
const many = `bytes=${Array.from({ length: 1300 }, (_, i) => `${i}-${i}`).join(',')}`
const huge = (2n ** 53n).toString()

const get = (range: string, ifRange?: string, method = 'GET') => ({ method, range, ifRange })

/** As short as the table of the rules: what is asked for, and which bytes come. */
const table: [asked: string, ofFilm: string, ofEmpty: string][] = [
  ['bytes=0-0', '0-0', 'unsatisfiable'],
  ['bytes=0-', '0-999', 'unsatisfiable'],
  ['bytes=-1', '999-999', 'whole'],
  ['bytes=-5000', '0-999', 'whole'],
  ['bytes=-0', 'unsatisfiable', 'unsatisfiable'],
  ['bytes=999-', '999-999', 'unsatisfiable'],
  ['bytes=1000-', 'unsatisfiable', 'unsatisfiable'],
  ['bytes=990-2000', '990-999', 'unsatisfiable'],
  ['bytes=1000-2000', 'unsatisfiable', 'unsatisfiable'],
  ['bytes=5-2', 'whole', 'whole'],
  ['bytes=a-b', 'whole', 'whole'],
  ['bytes=1.5-2', 'whole', 'whole'],
  ['bytes=0x1-2', 'whole', 'whole'],
  ['bytes=+1-2', 'whole', 'whole'],
  ['bytes=-', 'whole', 'whole'],
  ['bytes=', 'whole', 'whole'],
  ['bytes=,', 'whole', 'whole'],
  ['bytes', 'whole', 'whole'],
  ['', 'whole', 'whole'],
  ['items=0-5', 'whole', 'whole'],
  ['BYTES=0-4', '0-4', 'unsatisfiable'],
  [' bytes=0-4 ', '0-4', 'unsatisfiable'],
  ['bytes= 0-4', 'whole', 'whole'],
  ['bytes =0-4', 'whole', 'whole'],
  ['bytes=0 -4', 'whole', 'whole'],
  ['bytes=0-4,', '0-4', 'unsatisfiable'],
  [`bytes=${huge}-`, 'unsatisfiable', 'unsatisfiable'],
  [`bytes=0-${huge}`, '0-999', 'unsatisfiable'],
  [`bytes=-${huge}`, '0-999', 'whole'],
  [`bytes=${huge}1-${huge}0`, 'whole', 'whole'],
  ['bytes=0-0,2-2', '0-0 2-2', 'unsatisfiable'],
  ['bytes=0-0 , 2-2', '0-0 2-2', 'unsatisfiable'],
  ['bytes=0-1,2-3,4-5,6-7', '0-1 2-3 4-5 6-7', 'unsatisfiable'],
  ['bytes=0-0,2-2,4-4,6-6,8-8', 'whole', 'unsatisfiable'],
  ['bytes=0-0,-1', '0-0 999-999', 'whole'],
  ['bytes=0-0,5000-', '0-0', 'unsatisfiable'],
  ['bytes=5000-,6000-', 'unsatisfiable', 'unsatisfiable'],
  ['bytes=0-10,5-20', 'whole', 'unsatisfiable'],
  ['bytes=0-0,0-0', 'whole', 'unsatisfiable'],
  ['bytes=10-20,0-5', 'whole', 'unsatisfiable'],
  ['bytes=0-0,x', 'whole', 'whole'],
  [many, 'whole', 'whole'],
]

function shown(asked: ReturnType<typeof get>, target: typeof film): string {
  const answer = rangeAnswer(asked, target)
  if (answer.state === 'part') return `${answer.range.start}-${answer.range.end - 1}`
  if (answer.state === 'parts') return answer.ranges.map(({ start, end }) => `${start}-${end - 1}`).join(' ')
  return answer.state
}

test.each(table)('%.40s of a film and of an empty file', (asked, ofFilm, ofEmpty) => {
  expect(shown(get(asked), film)).toBe(ofFilm)
  expect(shown(get(asked), empty)).toBe(ofEmpty)
})

test('ranges are ignored on everything but GET', () => {
  for (const [asked] of table)
    for (const method of ['HEAD', 'POST', 'PUT']) expect(shown(get(asked, undefined, method), film)).toBe('whole')
})

test('a part comes only if what was held before is the very same', () => {
  const same = [tag, ` ${tag} `, 'Fri, 02 Jan 2026 03:04:05 GMT']
  const other = ['"abd"', 'W/"abc"', 'abc', '*', '', 'Fri, 02 Jan 2026 03:04:04 GMT', 'Fri, 02 Jan 2026 03:04:06 GMT', '"abc", "abd"']
  for (const [asked, ofFilm] of table) {
    for (const ifRange of same) expect(shown(get(asked, ifRange), film)).toBe(ofFilm)
    for (const ifRange of other) expect(shown(get(asked, ifRange), film)).toBe('whole')
  }
})

test('a date says nothing where one second may have seen two contents', () => {
  const asked = get('bytes=0-0', 'Fri, 02 Jan 2026 03:04:05 GMT')
  expect(rangeAnswer(asked, { size: 1000, tag })).toEqual({ state: 'whole' })
})

test('says which bytes these are, and how many there would be', () => {
  expect(contentRange({ start: 0, end: 5 }, 1000)).toBe('bytes 0-4/1000')
  expect(noContentRange(1000)).toBe('bytes */1000')
})

test('several parts are framed so that their length is known before', () => {
  const ranges = [
    { start: 0, end: 3 },
    { start: 7, end: 9 },
  ]
  const bytes = '0123456789'
  const framed = multipart(ranges, { size: 10, type: 'video/mp4', boundary: 'edge' })
  const body = framed.parts.map(({ head, range }) => head + bytes.slice(range.start, range.end)).join('') + framed.tail
  expect(framed.contentType).toBe('multipart/byteranges; boundary=edge')
  expect(body.length).toBe(framed.length)
  const head = (range: string) => `content-type: video/mp4\r\ncontent-range: bytes ${range}/10\r\n\r\n`
  expect(body).toBe(`--edge\r\n${head('0-2')}012\r\n--edge\r\n${head('7-8')}78\r\n--edge--\r\n`)
})
