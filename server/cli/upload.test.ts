import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openBlockServer } from '#uploader/testing/block-server.ts'
import { progressLine, timeLeft, toBytes } from './upload/progress-line.ts'
import { upload } from './upload.ts'
import { UsageError } from './verb.ts'

async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), 'matinee-upload-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

async function say(folder: string, words: string[], heard: (text: string) => void = () => undefined, stop = new AbortController()) {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => {
      said.err += text
      heard(text)
    },
    signal: stop.signal,
    environment: { XDG_STATE_HOME: join(folder, 'state'), MATINEE_PASSWORD: 'open sesame', MATINEE_USER: 'mei' },
    isInteractive: false,
  }
  return { status: await upload.run(words, terminal), ...said }
}

describe('matinee upload', () => {
  test('sends files, and ends with one line of JSON a file', async () => {
    await using server = await openBlockServer()
    await using folder = await openFolder()
    const films = [new Uint8Array(randomBytes(300_000)), new Uint8Array(randomBytes(100))]
    const paths = films.map((_, i) => join(folder.path, `film ${i}.mp4`))
    for (const [i, film] of films.entries()) await writeFile(paths[i] ?? '', film)
    const { status, out, err } = await say(folder.path, [...paths, '--to', server.url, '--json'])
    expect({ status, failed: err.includes('failed') }).toEqual({ status: 0, failed: false })
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toEqual([
      { vid: 'v1', taskId: 1, file: paths[0], size: 300_000, state: 'done' },
      { vid: 'v2', taskId: 2, file: paths[1], size: 100, state: 'done' },
    ])
    for (const [i, film] of films.entries()) expect(Buffer.from(server.tasks[i]?.held ?? []).equals(film)).toBe(true)
    expect(server.seen.logins).toBe(1)
  })

  test('stopped by Ctrl-C, the same command goes on where it was', async () => {
    await using server = await openBlockServer()
    await using folder = await openFolder()
    const film = new Uint8Array(randomBytes(4 * 1024 * 1024))
    const path = join(folder.path, 'film.mp4')
    await writeFile(path, film)
    const stop = new AbortController()
    const first = await say(folder.path, [path, '--to', server.url], (text) => text.startsWith('sending') && stop.abort(), stop)
    expect(first).toMatchObject({ status: 130, out: '' })
    const second = await say(folder.path, [path, '--to', server.url, '--json'])
    expect(second.status).toBe(0)
    expect(server.tasks).toHaveLength(1)
    expect(Buffer.from(server.tasks[0]?.held ?? []).equals(film)).toBe(true)
  })

  test('a wrong password, a file that is not there and a server that is not there are said, and nothing is left half told', async () => {
    await using server = await openBlockServer()
    await using folder = await openFolder()
    const path = join(folder.path, 'film.mp4')
    await writeFile(path, 'film')
    const wrong = await say(folder.path, [path, '--to', server.url, '--password', 'nonsense', '--json'])
    expect(wrong.status).toBe(1)
    expect(JSON.parse(wrong.out)).toMatchObject({ vid: null, state: 'failed', why: 'Wrong name or password.' })
    const missing = await say(folder.path, [join(folder.path, 'nowhere.mp4'), path, '--to', server.url])
    expect(missing).toMatchObject({ status: 1 })
    expect(missing.err).toContain('There is no such file.')
    expect(server.tasks).toHaveLength(1)
    await expect(say(folder.path, [])).rejects.toThrow(UsageError)
    await expect(say(folder.path, [path, '--to', 'somewhere'])).rejects.toThrow(UsageError)
  })
})

test('the line says what the server holds, and says all only of all', () => {
  const sending = { state: 'sending', heldBytes: 999, bytesPerSecond: 2_500_000, secondsLeft: 200, trouble: undefined } as const
  expect(progressLine(sending, '雨天.mp4', 1000, 80)).toBe('███████████████████████░  99 %  2.5 MB/s  about 3 min  雨天.mp4')
  expect(progressLine({ ...sending, trouble: { kind: 'line', words: 'The line broke.' } }, 'a', 1000, 80)).toContain('waiting for the line')
  expect(progressLine(sending, '雨'.repeat(80), 1000, 70).length).toBeLessThan(70)
  expect([timeLeft(undefined), timeLeft(12), timeLeft(7380)]).toEqual(['time unknown', 'less than a minute', 'about 2 h 03 min'])
  expect([toBytes(12), toBytes(1_500), toBytes(2_000_000_000)]).toEqual(['12 B', '1.5 kB', '2.0 GB'])
})
