import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Outcome, Step } from './step.ts'

export const routesStep: Step = { name: 'routes', look: checkRouteTable }

/** Every route of the whole program has a policy: asked of the program itself, for a table that is read from sources can be read wrongly. */
export async function checkRouteTable(root: string): Promise<Outcome> {
  const script = join(import.meta.dirname, 'routes-of-house.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, root], { timeout: 60_000 })
  const { routes, complaints } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { routes: number; complaints: string[] }
  const blind = routes > 0 ? [] : ['the program has no route at all']
  return { complaints: [...complaints, ...blind], note: `${routes} routes` }
}
