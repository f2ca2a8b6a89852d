import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DataEngine } from '#server/database/backup/engine.ts'
import type { BlobEntry } from '#server/database/backup/lines.ts'
import { restoreBackup } from '#server/database/backup/restore-backup.ts'
import { blobsIn, verifyBackup } from '#server/database/backup/verify-backup.ts'
import { writeBackup } from '#server/database/backup/write-backup.ts'
import { BrokenBackup, HalfRestored, NewerSchema, NotEmpty, SchemaChanged } from '#server/database/errors.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { Migration } from '#server/database/migrations/migration.ts'
import { int } from '#server/database/schema/column.ts'
import { addColumn, run } from '#server/database/schema/step.ts'
import { newId } from '#server/lib/id.ts'
import type { SealKeys } from '#server/lib/sealed.ts'
import { hostileTexts } from '#server/testing/hostile-texts.ts'
import { testMigrations } from '#server/testing/test-tables.ts'

export type BackupGround = AsyncDisposable & { open(): Promise<DataEngine & AsyncDisposable> }
type NewGround = () => Promise<BackupGround>

const keys: SealKeys = [{ id: 'a', key: new Uint8Array(32).fill(7) }]
const otherKeys: SealKeys = [{ id: 'a', key: new Uint8Array(32).fill(8) }]

export function backupContract(names: string, newSource: NewGround, newTarget: NewGround): void {
  describe(`a backup ${names}`, () => {
    test.each([
      ['plain', undefined],
      ['sealed', keys],
    ])('[F20] brings back every row as it was (%s)', async (_, sealedBy) => {
      await using house = await openHouse(newSource, newTarget)
      const rows = await fill(house.source)
      const path = join(house.folder, 'backup')
      const blobs = Array.from({ length: 3 }, (_, n): BlobEntry => ({ name: `films/${n}`, size: n, sha256: 'a'.repeat(64) }))
      const written = await writeBackup({ ...from(house), path, blobs: () => listed(blobs), ...(sealedBy ? { keys: sealedBy } : {}) })
      expect(written).toMatchObject({ blobs: 3, tables: { film: { rows: rows.length }, note: { rows: 600 }, seat: { rows: 2 } } })
      expect(readFileSync(path).includes('hidden in plain sight')).toBe(false)
      expect(await restoreBackup({ ...into(house), path, ...(sealedBy ? { keys: sealedBy } : {}) })).toEqual(written)
      expect(await filmsOf(house.target)).toEqual(rows)
      expect(await Array.fromAsync(blobsIn(path, sealedBy))).toEqual(blobs)
      // What was restored can be kept again, and holds the same.
      const again = await writeBackup({ from: house.target, migrations: testMigrations, path: `${path}.again` })
      expect(again.tables).toEqual(written.tables)
    })

    test('[F20] is of one moment, whatever is written meanwhile', async () => {
      await using house = await openHouse(newSource, newTarget)
      await fill(house.source)
      await using other = await house.sourceGround.open()
      let isOver = false
      const writing = (async () => {
        for (let n = 0; !isOver; n++) {
          // Each moves views from one film to another far away in the table: the sum stays.
          await other.atomically(async () => {
            await other.run(`update film set views = views - 1 where id = 'first'`)
            await other.run(`update film set views = views + 1 where id = 'zlast'`)
            await other.run('insert into note (id, film_id, body) values (?, ?, ?)', [newId(), n % 2 ? 'first' : 'zlast', 'new'])
          })
          await new Promise((resolve) => setImmediate(resolve))
        }
        return 'written'
      })()
      const path = join(house.folder, 'backup')
      await writeBackup({ ...from(house), path })
      isOver = true
      expect(await writing).toBe('written')
      await restoreBackup({ ...into(house), path })
      const [row] = await house.target.all('select sum(views) as views from film')
      expect(Number(row?.views)).toBe(1000)
      const [told] = await house.target.all(
        `select 1000 - (select views from film where id = 'first') as moved, (select count(*) from note where body = 'new') as notes`,
      )
      expect(Number(told?.notes), 'another table, read later').toBe(Number(told?.moved))
      const [moved] = await other.all(`select views from film where id = 'first'`)
      expect(Number(moved?.views)).toBeLessThan(1000)
    })

    test('goes into an empty database only', async () => {
      await using house = await openHouse(newSource, newTarget)
      const path = join(house.folder, 'backup')
      await writeBackup({ ...from(house), path })
      await house.target.run('create table mine (a integer)')
      await expect(restoreBackup({ ...into(house), path })).rejects.toThrow(NotEmpty)
    })

    test('of an older version is brought to today’s tables; of a newer one, or another, refused', async () => {
      await using house = await openHouse(newSource, newTarget)
      await fill(house.source)
      const path = join(house.folder, 'backup')
      await writeBackup({ ...from(house), path })
      const grown: Migration[] = [
        ...testMigrations,
        {
          name: '0002-more',
          steps: [
            addColumn('film', 'likes', int().default(0)),
            run('likes', async (on) => void (await on.run('update film set likes = views'))),
          ],
        },
      ]
      await restoreBackup({
        ...into(house),
        path,
        migrations: grown,
        finally: async (on) => void (await on.run(`update film set title = 'changed' where id = 'first'`)),
      })
      expect(await house.target.all(`select title, likes from film where id = 'first'`)).toMatchObject([{ title: 'changed', likes: 1000 }])
      const newer = `${path}.newer`
      await writeBackup({ from: house.target, migrations: grown, path: newer })
      await using third = await newTarget()
      await using engine = await third.open()
      await expect(restoreBackup({ into: engine, migrations: testMigrations, path: newer })).rejects.toThrow(NewerSchema)
      const edited = testMigrations.map((migration) => ({ ...migration, steps: migration.steps.slice(1) }))
      await expect(restoreBackup({ into: engine, migrations: edited, path })).rejects.toThrow(SchemaChanged)
      expect(await engine.tables()).toEqual([])
    })

    test('that broke off while it was read in keeps everybody out', async () => {
      await using house = await openHouse(newSource, newTarget)
      await fill(house.source)
      const path = join(house.folder, 'backup')
      await writeBackup({ ...from(house), path })
      let statements = 0
      const dying: DataEngine = {
        ...house.target,
        async run(sql, parameters) {
          if (sql.startsWith('insert into') && sql.includes('note') && ++statements > 1) throw new Error('the power is gone')
          return house.target.run(sql, parameters)
        },
      }
      await expect(restoreBackup({ into: dying, migrations: testMigrations, path })).rejects.toThrow('the power is gone')
      await using engine = await house.targetGround.open()
      await expect(migrate(engine, { migrations: testMigrations })).rejects.toThrow(HalfRestored)
      await expect(restoreBackup({ into: engine, migrations: testMigrations, path })).rejects.toThrow(NotEmpty)
    })
  })
}

/** What does not depend on the engine. */
export function backupFileContract(newSource: NewGround): void {
  describe('the file of a backup', () => {
    test.each([
      ['plain', undefined],
      ['sealed', keys],
    ])('that was changed, shortened or lengthened anywhere is refused (%s)', async (_, sealedBy) => {
      await using house = await openHouse(newSource, newSource)
      await fill(house.source)
      const path = join(house.folder, 'backup')
      await writeBackup({ ...from(house), path, ...(sealedBy ? { keys: sealedBy } : {}) })
      const whole = readFileSync(path)
      const bad = `${path}.bad`
      const refused = async (bytes: Uint8Array, what: string) => {
        writeFileSync(bad, bytes)
        await expect(verifyBackup(bad, sealedBy), what).rejects.toThrow(BrokenBackup)
      }
      for (let n = 0; n < 40; n++) {
        const at = Math.floor(((n + 0.5) / 40) * whole.length)
        const changed = Buffer.from(whole)
        changed[at] = (changed[at] ?? 0) ^ (1 << (n % 8))
        // A few bits of the packing mean nothing; then the content is the same.
        writeFileSync(bad, changed)
        const found = await verifyBackup(bad, sealedBy).catch(() => undefined)
        if (found) expect(found, `changed at ${at}`).toEqual(await verifyBackup(path, sealedBy))
        await refused(whole.subarray(0, at), `cut at ${at}`)
      }
      await refused(whole.subarray(0, whole.length - 1), 'the last byte missing')
      await refused(new Uint8Array(0), 'empty')
      await refused(Buffer.from('{"matinee":"backup"}\n'), 'no backup')
      if (sealedBy) await refused(Buffer.concat([whole, Buffer.from('x')]), 'lengthened')
    })

    test('that was sealed opens by its key alone', async () => {
      await using house = await openHouse(newSource, newSource)
      const path = join(house.folder, 'backup')
      await writeBackup({ ...from(house), path, keys })
      await expect(verifyBackup(path, otherKeys)).rejects.toThrow()
      await expect(verifyBackup(path, undefined)).rejects.toThrow(BrokenBackup)
      expect((await verifyBackup(path, keys)).migrations).toEqual(testMigrations.map(({ name }) => name))
    })

    test('never replaces another, and a failure leaves none behind', async () => {
      await using house = await openHouse(newSource, newSource)
      const path = join(house.folder, 'backup')
      writeFileSync(path, 'precious')
      await expect(writeBackup({ ...from(house), path })).rejects.toThrow()
      expect(readFileSync(path, 'utf8')).toBe('precious')
      const failing = writeBackup({ ...from(house), path: `${path}.2`, blobs: () => broken() })
      await expect(failing).rejects.toThrow('no more blobs')
      expect(readdirSync(house.folder)).toEqual(['backup'])
      await writeBackup({ ...from(house), path: `${path}.2` })
    })
  })
}

async function openHouse(newSource: NewGround, newTarget: NewGround) {
  const sourceGround = await newSource()
  const targetGround = await newTarget()
  const [source, target] = [await sourceGround.open(), await targetGround.open()]
  await migrate(source, { migrations: testMigrations })
  const folder = mkdtempSync(join(tmpdir(), 'matinee-backup-'))
  return {
    source,
    target,
    sourceGround,
    targetGround,
    folder,
    async [Symbol.asyncDispose]() {
      for (const each of [source, target, sourceGround, targetGround]) await each[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const from = ({ source }: { source: DataEngine }) => ({ from: source, migrations: testMigrations })
const into = ({ target }: { target: DataEngine }) => ({ into: target, migrations: testMigrations })

/** Every kind of value that could suffer on the way; more rows than fit a page. */
async function fill(on: DataEngine): Promise<Record<string, unknown>[]> {
  const insert = 'insert into film (id, title, views, rating, is_open, extra, about, poster, made_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?)'
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
  await on.atomically(async () => {
    await on.run(insert, ['first', 'hidden in plain sight  ', 1000, 0.1, 1, '{"a":1}', '', bytes, Number.MAX_SAFE_INTEGER])
    await on.run(insert, ['zlast', '😀電影\u0000\n"\\', 0, -1e-300, 0, null, null, new Uint8Array(0), Number.MIN_SAFE_INTEGER])
    await on.run(insert, ['mid dle', 'É', 0, 3, 1, null, 'x'.repeat(300_000), null, 0])
    for (const [n, text] of hostileTexts.entries())
      await on.run(insert, [`h${n}`, `${n}${text}`.slice(0, 200), 0, null, 1, null, text, null, n])
    for (let n = 0; n < 600; n++)
      await on.run('insert into note (id, film_id, body) values (?, ?, ?)', [`n${n}`, n % 2 ? 'first' : 'zlast', `${n}`])
    for (let n = 0; n < 2; n++) await on.run('insert into seat (film_id, number, holder) values (?, ?, ?)', ['first', n, n ? 'ann' : null])
  })
  return filmsOf(on)
}

async function filmsOf(on: DataEngine): Promise<Record<string, unknown>[]> {
  const rows = await on.all('select * from film')
  const plain = rows.map((row) => ({
    ...row,
    poster: row.poster instanceof Uint8Array ? Buffer.from(row.poster).toString('hex') : row.poster,
  }))
  return plain.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function* broken(): AsyncGenerator<BlobEntry> {
  yield { name: 'a', size: 1, sha256: '' }
  throw new Error('no more blobs')
}
