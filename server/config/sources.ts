import { eachKey, variableOf } from './keys.ts'

/** Where values come from. Of several, a later one outweighs an earlier one. */
export type Source = { name: string; find(path: readonly string[]): unknown }

export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Source {
  return { name: 'environment', find: (path) => environment[variableOf(path)] }
}

/** What is read by its own name, and not as a key. */
const besides = /^MATINEE_(CONFIG|TO|USER|PASSWORD|SEED|TEST_\w+)$/

/** Variables with our name on them that are no key. Others may have set them for reasons of their own, as Kubernetes does: they are named, not refused. */
export function unreadVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set([...eachKey()].map(({ path }) => variableOf(path)))
  return Object.keys(environment).filter((name) => name.startsWith('MATINEE_') && !known.has(name) && !besides.test(name))
}

export function fromFlags(flags: ReadonlyMap<string, string>): Source {
  return { name: 'flag', find: (path) => flags.get(path.join('.')) }
}

export function fromTree(name: string, tree: unknown): Source {
  const find = (path: readonly string[]) => {
    let node: unknown = tree
    for (const part of path) {
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return undefined
      node = (node as Record<string, unknown>)[part]
    }
    return node
  }
  return { name, find }
}
