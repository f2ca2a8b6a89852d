import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openChinese } from '#server/lib/chinese.ts'
import { times } from '#server/testing/grounds.ts'
import { type FilmRow, toFilm } from './film.ts'
import { FilmIndex } from './film-index.ts'
import { foldForSearch, stemOf, termsOf } from './fold.ts'

const chinese = await openChinese()
let made = 0
const row = (title: string, more: Partial<FilmRow> = {}): FilmRow => ({
  ...{ id: `f${String(++made).padStart(6, '0')}`, title, description: '', ownerId: 'o', owner: 'nobody', tags: [], people: [] },
  ...{ visibility: 'public', state: 'ready', publishedMs: 0, durationMs: null, views: 0, isFeatured: false, isHidden: false, sha256: null },
  ...more,
})
function indexOf(rows: readonly FilmRow[]): FilmIndex {
  const index = new FilmIndex(chinese)
  for (const one of rows) index.put(toFilm(one, chinese))
  return index
}
const seek = (index: FilmIndex, q: string) => index.find(termsOf(foldForSearch(q, chinese)), () => true)
const titles = (index: FilmIndex, rows: readonly FilmRow[], q: string) => {
  const found = new Map(seek(index, q).map(({ film, score }) => [film.id, score]))
  const order = rows.filter(({ id }) => found.has(id)).toSorted((a, b) => (found.get(b.id) ?? 0) - (found.get(a.id) ?? 0))
  return order.map(({ title }) => title)
}

const alphabet = [...'流浪地球电影的一二 abcdeth 12']
const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 14 }).map((all) => all.join(''))

test('whatever a scan of all texts finds is found, of one character or many, in any script', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ title: text, description: text, tag: text }), { minLength: 1, maxLength: 40 }), text, (films, q) => {
      const rows = films.map(({ title, description, tag }) => row(title, { description, tags: [{ key: tag, label: tag }] }))
      const terms = termsOf(foldForSearch(q, chinese))
      fc.pre(terms.length > 0)
      const fold = (one: string) => foldForSearch(one, chinese)
      const scan = rows.filter(({ title, description, tags: [tag] }) =>
        terms.every((term) => [title, description, tag?.label ?? '', 'nobody'].some((one) => fold(one).includes(term))),
      )
      const found = new Set(seek(indexOf(rows), q).map(({ film }) => film.id))
      for (const { id } of scan) expect(found.has(id), `${q} in ${rows.find((one) => one.id === id)?.title}`).toBe(true)
    }),
    { numRuns: times(200, 5000) },
  )
})

test('pinyin in full, in part and by initials finds characters by any of their readings', () => {
  const rows = ['流浪地球', '重庆森林', '银行家', '绿巨人', '长安十二时辰', 'The Wandering Earth'].map((title) => row(title))
  const index = indexOf(rows)
  const finds = (q: string) => titles(index, rows, q)
  for (const q of ['lldq', 'liulangdiqiu', 'liulang', 'llang', 'liuldq', 'LLDQ', 'diqiu', 'langdi'])
    expect(finds(q), q).toEqual(['流浪地球'])
  for (const q of ['chongqing', 'zhongqing', 'cqsl', 'zqsl']) expect(finds(q), q).toEqual(['重庆森林'])
  for (const q of ['yinhang', 'yinxing', 'yhj']) expect(finds(q), q).toContain('银行家')
  for (const q of ['lvjuren', 'lujuren', 'ljr']) expect(finds(q), q).toEqual(['绿巨人'])
  expect(finds('changan')).toEqual(['长安十二时辰'])
  expect(finds('xyz')).toEqual([])
})

test('both scripts, widths, capitals, accents and simple endings are one', () => {
  const rows = ['流浪地球', '電影後來', 'Café Running Cities', 'A run in the city'].map((title) => row(title))
  const index = indexOf(rows)
  const finds = (q: string) => titles(index, rows, q)
  for (const q of ['流浪地球', '浪地', '球', '地球']) expect(finds(q), q).toEqual(['流浪地球'])
  for (const q of ['电影', '電影', '影', '后来']) expect(finds(q), q).toEqual(['電影後來'])
  for (const q of ['CAFE', 'café', 'ｃａｆｅ']) expect(finds(q), q).toEqual(['Café Running Cities'])
  for (const q of ['runs', 'run cities', 'running city'])
    expect(finds(q).toSorted(), q).toEqual(['A run in the city', 'Café Running Cities'])
  expect(['running', 'runs', 'run', 'cities', 'city', 'boxes', 'glass', 'movies', 'bus', 'his', 'making', 'make'].map(stemOf)).toEqual([
    'run',
    'run',
    'run',
    'city',
    'city',
    'box',
    'glass',
    'movy',
    'bus',
    'his',
    'mak',
    'mak',
  ])
})

test('a title comes before a tag, a tag before a name, a name before a description; many views break ties alone', () => {
  const rows = [
    row('一部电影', { description: '关于月亮' }),
    row('二部电影', { owner: '月亮姐姐' }),
    row('三部电影', { tags: [{ key: '月亮', label: '月亮' }] }),
    row('圆圆的月亮'),
    row('月亮湾', { views: 10 }),
    row('月亮河', { views: 1_000_000 }),
    row('月亮'),
  ]
  expect(titles(indexOf(rows), rows, '月亮')).toEqual(['月亮', '月亮河', '月亮湾', '圆圆的月亮', '三部电影', '二部电影', '一部电影'])
})

test('who stands before or behind the camera is found, in either script, by sound and with a slip', () => {
  const rows = [
    row('流浪地球', { people: ['吳京', 'Qu Chuxiao'] }),
    row('长津湖', { people: ['吴京'] }),
    row('Arrival', { people: ['Amy Adams'] }),
  ]
  const index = indexOf(rows)
  for (const q of ['吴京', '吳', 'wujing', 'wj']) expect(titles(index, rows, q), q).toEqual(['流浪地球', '长津湖'])
  for (const q of ['amy adams', 'adam', 'arrival adams']) expect(titles(index, rows, q), q).toEqual(['Arrival'])
  expect(index.guess(termsOf(foldForSearch('chuxioa', chinese)), () => true).map(({ film }) => film.title)).toEqual(['流浪地球'])
})

test('where nothing fits a slip is forgiven: of a letter, of a sound, of a space', () => {
  const rows = ['Interstellar', 'The Godfather', '流浪地球', '星际穿越'].map((title) => row(title))
  const index = indexOf(rows)
  const guess = (q: string) => index.guess(termsOf(foldForSearch(q, chinese)), () => true).map(({ film }) => film.title)
  expect(guess('intersteller')).toEqual(['interstellar'])
  expect(guess('godfahter')).toEqual(['the godfather'])
  expect(guess('流浪地求')).toEqual(['流浪地球'])
  expect(guess('星际川越')).toEqual(['星际穿越'])
  expect(guess('lldq电')).toEqual([])
  expect(guess('qwertzui')).toEqual([])
})

test('what is changed is found as it is, what is taken out is not found, and a worn index says so', () => {
  const rows = [row('Old name'), row('Another')]
  const index = indexOf(rows)
  const [first] = rows
  if (!first) throw new Error('no film')
  index.put(toFilm({ ...first, title: 'New name' }, chinese))
  expect([seek(index, 'old').length, seek(index, 'new name').length, index.size]).toEqual([0, 1, 2])
  index.remove(first.id)
  expect([seek(index, 'new').length, index.has(first.id), index.size]).toEqual([0, false, 1])
  for (let again = 0; again < 1010; again++) index.put(toFilm({ ...first, title: `${again}` }, chinese))
  expect(index.isWorn).toBe(true)
})
