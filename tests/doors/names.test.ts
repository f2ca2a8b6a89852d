import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLong } from '#server/testing/grounds.ts'
import { hostileNames } from '#server/testing/hostile-names.ts'
import { type Door, doorsOf, letIn, readyCall, send } from './call.ts'
import { Stage } from './stage.ts'

const ups = [
  '../',
  '..\\',
  '%2e%2e/',
  '..%2f',
  '%2e%2e%2f',
  '%252e%252e%252f',
  '..%c0%af',
  '..%00/',
  '....//',
  '..;/',
  '%5c..%5c',
  '..%u2215',
  '\u2025/',
  '.%2e/',
]
/** Where they would like to get, in forty spellings and more: what lies beside the blobs of this house, and what lies in every house. */
const spellings = [
  ...ups.map((up) => `${up}canary`),
  ...ups.map((up) => `${up.repeat(3)}secrets/canary`),
  ...ups.map((up) => `${up.repeat(9)}etc/passwd`),
  '%2fetc%2fpasswd',
  'file:%2f%2f%2fetc%2fpasswd',
  'C:%5cWindows%5cwin.ini',
  '%5c%5chost%5cshare',
  'canary%00.webp',
  'canary%0a',
]

const canary = 'the bird sings what it has seen'
const isFound = (text: string) => text.includes(canary) || text.includes('root:x:0')
/** In an address, whatever would end it must be written otherwise. */
const asPath = (name: string) =>
  [...name].map((letter) => (/[\x21-\x7e]/.test(letter) ? letter : encodeURIComponent(letter.isWellFormed() ? letter : '?'))).join('')

describe('a name or a path that leads elsewhere', () => {
  let stage: Stage
  let doors: Door[]
  let before: string[]

  beforeAll(async () => {
    stage = await Stage.open('embedded')
    doors = doorsOf(stage)
    await writeFile(join(stage.matinee.folder, 'canary'), canary)
    before = await outside()
  })
  afterAll(async () => await stage?.[Symbol.asyncDispose]())

  /** Everything in the house's folder that is neither rows nor blobs, nor a file that arrives under a number of ours. */
  async function outside(): Promise<string[]> {
    const names = await readdir(stage.matinee.folder, { recursive: true })
    return names.filter((name) => !/^blobs\/|[.]db|sqlite|^uploads(\/[.]matinee(\/\d+[.]part)?)?$/.test(name)).toSorted()
  }

  test('[T4] in an address, in place of every part that is named there: nothing is read', async () => {
    const wrong: string[] = []
    let asked = 0
    for (const door of doors.filter(({ place }) => place.includes(':'))) {
      const { call, sent } = await readyCall(stage, door, letIn(door))
      const bent = (door.place.match(/:\w+/g) ?? []).flatMap((name) => spellings.map((spelling) => ({ name, spelling })))
      for (const { name, spelling } of bent) {
        const path = door.place.replaceAll(/:\w+/g, (one) => (one === name ? asPath(spelling) : (sent.params?.[one.slice(1)] ?? 'x')))
        const answer = await stage.call({ ...call, path })
        asked++
        if (answer.status >= 500 || isFound(answer.text))
          wrong.push(`${door.name}, ${name} = ${spelling}: ${answer.status} ${answer.text.slice(0, 80)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(1000)
    expect(await outside()).toEqual(before)
  }, 360_000)

  test('[T4] in front of files, pages and the API: there is no such address', async () => {
    const wrong: string[] = []
    for (const folder of ['/', '/assets/', '/icons/', '/api/', '/api/avatars/', '/stream/', '/upload/', '/@', '//', '/./', '/sw.js/']) {
      for (const spelling of spellings) {
        const { status, text } = await stage.call({ path: asPath(folder + spelling) })
        if (status < 400 && !isKnown(folder, spelling)) wrong.push(`${folder}${spelling}: ${status}`)
        if (status >= 500 || isFound(text)) wrong.push(`${folder}${spelling}: ${status} ${text.slice(0, 80)}`)
      }
    }
    expect(wrong).toEqual([])
  }, 300_000)

  test('[T4] in every text of every body, and in headers: nothing is written but rows and blobs', async () => {
    const wrong: string[] = []
    const names = isLong ? hostileNames : hostileNames.filter((_, n) => n % 9 === 0)
    for (const door of doors) {
      const { body } = (await readyCall(stage, door, letIn(door))).call
      if (typeof body !== 'object' || body instanceof Uint8Array) continue
      const texts = Object.entries(body).filter(([key, value]) => typeof value === 'string' && !/password/i.test(key))
      for (const { key, name } of texts.flatMap(([key]) => names.map((name) => ({ key, name })))) {
        const ready = await readyCall(stage, door, letIn(door))
        const bent = { ...(ready.call.body as object), [key]: name }
        const answer = await send(stage, ready, {
          ...ready.call,
          body: bent,
          headers: { ...ready.call.headers, 'content-disposition': `attachment; filename="${asPath(name)}"` },
        })
        if (answer.status >= 500 && answer.status !== 503) wrong.push(`${door.name}, ${key} = ${name}: ${answer.status}`)
      }
    }
    expect(wrong).toEqual([])
    expect(await outside()).toEqual(before)
    expect(await readFile(join(stage.matinee.folder, 'canary'), 'utf8')).toBe(canary)
  }, 480_000)
})

/** `/@name` is a person's page, or that there is none; `//` and `/./` before a name are names like others. */
const isKnown = (folder: string, spelling: string) => folder === '/' && spelling === ''
