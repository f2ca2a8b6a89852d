import type { Import } from './law.ts'
import { isTest } from './source-tree.ts'

/** Files that lean on each other in a ring, types included; one ring of each knot (Tarjan's strongly connected components). */
export function findRings(links: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to, kind } of links) {
    if (kind === 'file' && !isTest(from)) next.set(from, [...(next.get(from) ?? []), to])
  }
  return knotsOf(next)
    .map((knot) => ringWithin(next, new Set(knot)))
    .filter((ring) => ring.length > 0)
}

function knotsOf(next: ReadonlyMap<string, string[]>): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const knots: string[][] = []
  const visit = (file: string) => {
    order.set(file, order.size)
    low.set(file, order.get(file) ?? 0)
    open.push(file)
    for (const other of next.get(file) ?? []) {
      if (!order.has(other)) visit(other)
      if (open.includes(other)) low.set(file, Math.min(low.get(file) ?? 0, low.get(other) ?? 0))
    }
    if (low.get(file) === order.get(file)) knots.push(open.splice(open.indexOf(file)))
  }
  for (const file of next.keys()) if (!order.has(file)) visit(file)
  return knots
}

/** Walks inside a knot until it meets itself. A knot of one is a ring only where the file imports itself. */
function ringWithin(next: ReadonlyMap<string, string[]>, knot: ReadonlySet<string>): string[] {
  const walk: string[] = []
  let file = [...knot][0]
  while (file !== undefined && !walk.includes(file)) {
    walk.push(file)
    file = (next.get(file) ?? []).find((other) => knot.has(other))
  }
  return file === undefined ? [] : [...walk.slice(walk.indexOf(file)), file]
}
