import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HalfRestored, NewerSchema, SchemaChanged } from '#server/database/errors.ts'
import { inASentence } from './in-a-sentence.ts'

const matinee = join(import.meta.dirname, '../../matinee')

test('a start that something stands in the way of says what, and what to do, without a stack', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-start-'))
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as { port: number }
  try {
    const start = (...words: string[]) => {
      const { status, stderr } = spawnSync(matinee, ['serve', '--host', '127.0.0.1', ...words], { encoding: 'utf8', timeout: 120_000 })
      return { status, said: stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{')) }
    }
    const data = join(folder, 'data')
    expect(start('--data', data, '--port', String(port))).toEqual({
      status: 1,
      said: [`Port ${port} is in use: choose another with --port, or end what holds it.`],
    })
    writeFileSync(join(folder, 'file'), '')
    const under = start('--data', join(folder, 'file', 'data'), '--port', '0')
    expect(under).toEqual({ status: 1, said: [expect.stringMatching(/^\/.* can not be written \(ENOTDIR\)\. Give it to/)] })
  } finally {
    holder.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 480_000)

test('what is no fault of ours is a sentence, and what is one keeps its stack', () => {
  const fault = (more: object) => inASentence(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), more))
  expect(fault({ code: 'ECONNREFUSED', syscall: 'connect' })).toMatch(
    /can not be used: connect ECONNREFUSED 127\.0\.0\.1:1\. matinee doctor/,
  )
  expect(fault({ code: 'EACCES', syscall: 'listen', port: 80 })).toMatch(/^Port 80 needs more rights/)
  expect(fault({ code: 'EADDRNOTAVAIL', syscall: 'listen', address: '192.0.2.1' })).toMatch(/^192\.0\.2\.1 is no address/)
  for (const error of [new NewerSchema(['9999-later']), new SchemaChanged('0001-first'), new HalfRestored()])
    expect(inASentence(error)).toMatch(/^[A-Z].*\.$/)
  expect(fault({ code: 'EEXIST', syscall: 'mkdir', path: '/x' })).toMatch(/^\/x is a file, and a folder/)
  expect(fault({ code: 'ENOENT', path: '/x' })).toBeUndefined()
  expect(inASentence(new TypeError('x is not a function'))).toBeUndefined()
  expect(inASentence('thrown')).toBeUndefined()
})
