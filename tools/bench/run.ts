import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench, BenchTools } from './frame.ts'
import { holds } from './frame.ts'
import { openPeers } from './peers.ts'
import { killFamily } from './processes.ts'
import { toLine, toTable, toWords } from './table.ts'

const here = import.meta.dirname
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, stage: { type: 'string', multiple: true } },
})

const names = await listBenches()
if (positionals.length === 0 || positionals.some((name) => !names.includes(name))) {
  console.error(`npm run bench NAME [-- --short] [-- --stage STAGE], where NAME is one or more of: ${names.join(', ')}`)
  process.exit(2)
}
let missed = 0
for (const name of positionals) missed += await runBench(name)
process.exit(missed > 0 ? 1 : 0)

async function runBench(name: string): Promise<number> {
  const { bench } = (await import(`./${name}.ts`)) as { bench: Bench }
  const resources = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), `matinee-bench-${name}-`))
  // What is killed in mid-run leaves its files in here as well.
  process.env.TMPDIR = folder
  // What is being started just now is among no resources yet.
  const stop = () => {
    killFamily()
    void rm(folder, { recursive: true, force: true }).finally(() => process.exit(130))
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const tools: BenchTools = {
    short: values.short,
    wants: (stage) => values.stage?.includes(stage) ?? true,
    folder,
    say: (line) => console.log(`  ${line}`),
    found(row) {
      console.log(`  ${toWords(row)}`)
      return row
    },
    peer: openPeers(here),
    closing: (resource) => void resources.use(resource),
  }
  console.log(`${bench.name}: ${bench.about}`)
  try {
    const rows = await bench.run(tools)
    console.log(`\n${toTable(rows)}\n${values.short ? '\nA short run: not to be quoted.\n' : ''}`)
    console.log(toLine(bench.name, rows))
    return rows.filter((row) => !holds(row)).length
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await resources.disposeAsync()
    killFamily()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A bench is a file beside this one that exports `bench`. */
async function listBenches(): Promise<string[]> {
  const files = (await readdir(here)).filter((file) => /^[a-z-]+[.]ts$/.test(file) && existsSync(join(here, file)))
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(join(here, file), 'utf8')] as const))
  return texts.filter(([, text]) => /^export const bench\b/m.test(text)).map(([file]) => file.slice(0, -'.ts'.length))
}
