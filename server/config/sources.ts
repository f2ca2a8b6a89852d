import { variableOf } from './keys.ts'

/** Where values come from. Of several, a later one outweighs an earlier one. */
export type Source = { name: string; find(path: readonly string[]): unknown }

export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Source {
  return { name: 'environment', find: (path) => environment[variableOf(path)] }
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
