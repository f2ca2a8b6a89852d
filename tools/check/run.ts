import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Step } from './step.ts'
import { steps } from './steps.ts'

/** `npm run check [-- STEP…]`: every law of the house, one line each; what breaks it below. */
const root = join(import.meta.dirname, '../..')
const wanted = process.argv.slice(2)
const chosen = wanted.length > 0 ? steps.filter(({ name }) => wanted.some((word) => name.startsWith(word))) : steps
if (chosen.length === 0) {
  console.error(`npm run check [-- STEP…], where STEP is one of: ${steps.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const beganMs = Date.now()
const waiting = [...chosen]
const broken: string[] = []
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
console.log(`${chosen.length - broken.length} of ${chosen.length} hold, ${((Date.now() - beganMs) / 1000).toFixed(1)} s`)
if (broken.length > 0) console.error(`broken: ${broken.join(', ')}`)
process.exit(broken.length > 0 ? 1 : 0)

async function work(): Promise<void> {
  for (let step = waiting.shift(); step; step = waiting.shift()) await look(step)
}

async function look(step: Step): Promise<void> {
  const startMs = Date.now()
  const { complaints, note } = await Promise.resolve()
    .then(() => step.look(root))
    .catch((error: unknown) => ({ complaints: [error instanceof Error ? (error.stack ?? error.message) : String(error)], note: '' }))
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1)
  console.log(`${complaints.length === 0 ? 'holds ' : 'BROKEN'}  ${step.name.padEnd(12)} ${seconds.padStart(5)} s  ${note}`)
  if (complaints.length === 0) return
  broken.push(step.name)
  const shown = wanted.length > 0 ? complaints : complaints.slice(0, 30)
  console.log(shown.map((complaint) => `          ${complaint}`).join('\n'))
  if (shown.length < complaints.length) console.log(`          … ${complaints.length - shown.length} more: npm run check -- '${step.name}'`)
}
