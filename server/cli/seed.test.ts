import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, join, joinAsOwner } from '#server/testing/visitors.ts'
import { seed } from './seed.ts'

async function sow(folder: string, ...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const status = await seed.run([...words, '--data', folder], {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    signal: new AbortController().signal,
    environment: { PATH: process.env.PATH },
    isInteractive: false,
  })
  return { status, ...said }
}

type Told = { items: { id: string; title: string; durationMs: number; views: number; publishedAt: string; poster: object | null }[] }
type Comments = { total: number; items: { createdAt: string; replies: number; likes: number }[] }

describeWith('ffmpeg')('matinee seed', () => {
  test('brings films that play, with pictures and what people said about them over time; twice is once', async () => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'matinee-seed-test-'))
    try {
      const first = await sow(folder, '--films', '1')
      expect(first).toMatchObject({ status: 0, err: '' })
      const password = /password\n\n {2}(.+)\n/.exec(first.out)?.[1]
      expect(await sow(folder, '--films', '1')).toMatchObject({ status: 0, err: '' })

      await using matinee = await startMatinee('embedded', { folder, without: ['worker', 'scheduler'] })
      const stranger = callAs(matinee)
      const { items } = (await stranger('GET', '/api/videos?sort=new')).json as Told
      expect(items).toHaveLength(1)
      const [film] = items
      expect(film).toMatchObject({ title: '潮汐之前 Before the tide', poster: expect.anything() })
      expect(Date.now() - Date.parse(film?.publishedAt ?? '')).toBeGreaterThan(40 * 86_400_000)
      expect(Math.abs((film?.durationMs ?? 0) - 12_000)).toBeLessThan(500)
      expect(film?.views).toBeGreaterThan(5)

      const vid = film?.id ?? ''
      const comments = (await stranger('GET', `/api/videos/${vid}/comments`)).json as Comments
      expect(comments.items).toHaveLength(4)
      expect(comments.items.at(-1)).toMatchObject({ replies: 2 })
      const days = new Set(comments.items.map(({ createdAt }) => createdAt.slice(0, 10)))
      expect(days.size).toBe(4)
      const flown = (await stranger('GET', `/api/videos/${vid}/danmaku`)).json as { items: unknown[]; total: number }
      expect(flown.total).toBe(9)
      const texts = (await stranger('GET', `/stream/${vid}/subtitles`)).json as { items: { language: string }[] }
      expect(texts.items.map(({ language }) => language).sort()).toEqual(['en', 'zh-CN'])
      expect((await stranger('GET', `/stream/${vid}/poster.webp?w=320`)).headers['content-type']).toBe('image/webp')

      const { token } = (await stranger('POST', `/user/${encodeURIComponent('林小美')}`, { password })).json as { token: string }
      const owner = callAs(matinee, token)
      expect((await owner('GET', `/api/user/${encodeURIComponent('周可')}/followers`)).json).toMatchObject({ isFollowed: true })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 360_000)
})

test('matinee seed leaves a house alone in which others live', async () => {
  await using matinee = await startMatinee('embedded')
  await joinAsOwner(matinee)
  await join(matinee, 'alice')
  const refused = await sow(matinee.folder)
  expect(refused).toMatchObject({ status: 1, out: '' })
  expect(refused.err).toContain('There are people here already')
}, 300_000)
