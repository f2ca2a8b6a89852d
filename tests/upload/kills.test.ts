import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createChance } from '#server/lib/seed.ts'
import { describeWith, isLong, times } from '#server/testing/grounds.ts'
import { until } from '#server/testing/parts/part-process.ts'
import { md5 } from './component.ts'
import { type KillGround, onDisk, onS3, settingsOf, type Task } from './kill-grounds.ts'

const blocks = 12
const atOnce = 3
type Range = { startByte: number; endByte: number }
type Told = { retCode: string; data: { expectBlocks: Range[] } }

describe('A component that is killed holds what it answered, whenever that was, makes each file whole, and tells of each', () => {
  test('[U7] [U8] [F1] on SQLite and the disk', async () => {
    await killAgainAndAgain(() => onDisk(), { files: times(1, 50), kills: times(2, 7) })
  }, 1_800_000)

  describeWith(
    'mariadb',
    'redis',
    's3',
  )('and with other parts', () => {
    const few = { files: times(1, 6), kills: times(1, 6) }
    test('[U7] [U8] [F1] on MariaDB and S3', async () => {
      await killAgainAndAgain(async () => onS3(await settingsOf('database', 'redis', 'blobs')), few)
    }, 1_800_000)

    // Each of these parts has been tried by now.
    if (!isLong) return
    test('[U7] [U8] [F1] on MariaDB and the disk', async () => {
      await killAgainAndAgain(async () => onDisk(await settingsOf('database')), few)
    }, 1_800_000)
    test('[U7] [U8] [F1] on SQLite and S3', async () => {
      await killAgainAndAgain(async () => onS3(await settingsOf('blobs')), few)
    }, 1_800_000)
  })
})

async function killAgainAndAgain(openGround: () => Promise<KillGround>, { files, kills: killsEach }: { files: number; kills: number }) {
  const chance = createChance(20_261_121)
  await using ground = await openGround()
  const { component, blockBytes } = ground
  let kills = 0
  let sentBytes = 0
  for (let n = 0; n < files; n++) {
    const bytes = randomBytes(blockBytes * blocks)
    const task = await ground.open(bytes, n)
    for (let round = 0; round < killsEach; round++) {
      // After a random number of answers, in the middle of the others; or while the file is verified, stored and told of.
      const answers = chance.whole(1, blocks)
      const kill = async () => {
        if (answers === blocks) await sleep(chance.whole(0, 20))
        await component.kill()
      }
      const acknowledged = await sendUntil(task, bytes, { blockBytes, answers, kill, count: (sent) => void (sentBytes += sent) })
      await component.kill()
      kills++
      await component.start()
      const missing = await wanted(task)
      const isMissing = ({ startByte, endByte }: Range) => missing.some((gap) => gap.startByte < endByte && startByte < gap.endByte)
      expect(acknowledged.filter(isMissing), `file ${n}, round ${round}`).toEqual([])
    }
    await sendUntil(task, bytes, {
      blockBytes,
      answers: Number.POSITIVE_INFINITY,
      kill: async () => {},
      count: (sent) => void (sentBytes += sent),
    })
    const processes = [component.process()]
    await until(() => ground.isDone(task), { what: `the end of file ${n}`, processes, timeoutMs: 240_000 })
    const digest = (whole: Uint8Array) => createHash('sha256').update(whole).digest('hex')
    expect(digest(await ground.read(task, n))).toBe(digest(bytes))
  }
  expect(kills).toBe(files * killsEach)
  // What is sent again is what was in flight.
  expect(sentBytes).toBeLessThanOrEqual((files * blocks + kills * atOnce) * blockBytes)
}

async function wanted({ blocksUrl }: Task): Promise<Told['data']['expectBlocks']> {
  const told = (await (await fetch(blocksUrl)).json()) as Told
  expect(told.retCode).toBe('0')
  return told.data.expectBlocks
}

type Sending = { blockBytes: number; answers: number; kill(): Promise<void>; count(bytes: number): void }

/** Sends what is wanted, several blocks at once; the server dies with the answer of that number, in the middle of the others. What it answered "0". */
async function sendUntil(task: Task, bytes: Uint8Array, { blockBytes, answers, kill, count }: Sending) {
  const acknowledged: Range[] = []
  const missing = await wanted(task)
  const waiting = missing.flatMap(({ startByte, endByte }) => {
    const starts = Array.from({ length: Math.ceil((endByte - startByte) / blockBytes) }, (_, i) => startByte + i * blockBytes)
    return starts.map((start) => ({ startByte: start, endByte: Math.min(endByte, start + blockBytes) }))
  })
  let isDead = false
  const line = async () => {
    for (let range = waiting.shift(); range && !isDead; range = waiting.shift()) {
      const block = bytes.subarray(range.startByte, range.endByte)
      count(block.length)
      const answer = await send(task, range, block).catch(() => undefined)
      if (answer === undefined) return
      expect(answer).toBe('0')
      acknowledged.push(range)
      if (acknowledged.length < answers) continue
      isDead = true
      await kill()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, line))
  return acknowledged
}

async function send({ uploadUrl }: Task, range: { startByte: number; endByte: number }, block: Uint8Array): Promise<string> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...range, partMd5: md5(block) })) form.set(name, String(value))
  form.set('file', new Blob([Buffer.from(block)]), 'block')
  const answer = await fetch(uploadUrl, { method: 'POST', body: form })
  return ((await answer.json()) as { retCode: string }).retCode
}
