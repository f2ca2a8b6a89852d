import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { faultOf } from '../cell/check.ts'
import { audioCells, videoCells } from '../plan/cells.ts'
import { makeInits, openRoom } from '../plan/make-plan.ts'
import { prepareFilm } from '../source/prepare.ts'
import { openSeal, type Seal } from '../tool/seal.ts'
import { makeInsistently } from './insist.ts'
import { makeStandIn } from './stand-in.ts'

let seal: Seal & AsyncDisposable
beforeAll(async () => {
  seal = await openSeal()
})
afterAll(async () => await seal[Symbol.asyncDispose]())

const { signal } = new AbortController()
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']

async function filmIn(folder: string) {
  const source = await makeFilm({ path: join(folder, 'a.mkv'), frames: 225, rate: '25', width: 320, height: 180, output })
  const prepared = await prepareFilm(seal, { source, folder: join(folder, 'prepared') }, signal)
  if (prepared.state !== 'ready') throw new Error(prepared.log)
  return { source, plan: prepared.plan, inits: await makeInits(seal, prepared.plan, signal) }
}

describe('a cell that can not be made', () => {
  test('is named with its reason, after a fixed number of attempts; the others are made once', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const { source, plan, inits } = await filmIn(room.folder)
    const broken = join(room.folder, 'broken')
    const bytes = await readFile(source)
    await writeFile(broken, Buffer.concat([bytes.subarray(0, bytes.length * 0.5), randomBytes(2000)]))
    const facts = new Map([...inits].map(([name, init]) => [name, init.facts]))
    const made: number[] = []
    const outcome = await makeInsistently(
      { seal, plan, facts, source: broken, folder: room.folder, signal, made: async ({ cell }) => void made.push(cell) },
      { rows: ['v180'], cells: { start: 0, end: 2 }, leadS: 0.25, threads: 1, isIdle: false, decoders: [] },
    )
    expect(outcome).toMatchObject({ state: 'quarantined', cells: [{ row: 'v180', cell: 1 }] })
    expect(made).toEqual([0])
  })

  test('is replaced by black and silence of its length, at its time, under the same init section', { timeout: 400_000 }, async () => {
    await using room = await openRoom()
    const { plan, inits } = await filmIn(room.folder)
    if (!plan.video) throw new Error('no video')
    const counts = new Map([
      ...plan.video.rows.map(({ name }) => [name, videoCells(plan.video ?? { frames: 0, framesPerCell: 1 })] as const),
      ...plan.audio.map((row) => [row.name, audioCells(row)] as const),
    ])
    for (const [row, { facts, bytes: init }] of inits)
      for (let cell = 0; cell < (counts.get(row) ?? 0); cell++) {
        const bytes = await makeStandIn(seal, { plan, facts, row, cell }, signal)
        expect(faultOf(plan, facts, row, cell, bytes)).toBeUndefined()
        if (!row.startsWith('v')) continue
        const path = join(room.folder, `${row}_${cell}.mp4`)
        await writeFile(path, Buffer.concat([init, bytes]))
        expect(new Set(await readNumbers(path))).toEqual(new Set([0]))
      }
  })
})
