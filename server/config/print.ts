import { stringify } from 'yaml'
import type { Key } from './kinds.ts'
import { type Config, eachKey, variableOf } from './keys.ts'

const mask = '********'

/** The configuration as a YAML file, with secrets masked. */
export function printConfig(config: Config): string {
  const tree: Record<string, unknown> = {}
  for (const { path, key } of eachKey()) {
    const value = valueAt(config, path)
    if (value === undefined) continue
    place(tree, path, key.secret && value !== '' && !isEmptyList(value) ? mask : (key.kind.show?.(value) ?? value))
  }
  return stringify(tree)
}

/** Every key with what it accepts and what it is where nobody says anything, for the help and the docs. */
export function describeKeys(): string {
  const lines: string[] = []
  for (const { path, key } of eachKey()) {
    const marks = [key.reload ? 'live' : '', key.secret ? 'secret' : ''].filter((mark) => mark !== '').join(', ')
    const accepts = `    ${key.kind.accepts}; ${usualOf(key)}${variableOf(path)}`
    lines.push(`${path.join('.')}${marks === '' ? '' : ` [${marks}]`}`, `    ${key.about}`, accepts)
  }
  return `${lines.join('\n')}\n`
}

function usualOf({ fallback, kind }: Key<unknown>): string {
  const shown = kind.show?.(fallback)
  const words = shown ?? (Array.isArray(fallback) ? fallback.join(',') : typeof fallback === 'string' ? fallback : JSON.stringify(fallback))
  return words === undefined || words === '' || words === 'null' ? '' : `usually ${words}; `
}

export function valueAt(config: Config, path: readonly string[]): unknown {
  let node: unknown = config
  for (const part of path) node = (node as Record<string, unknown> | undefined)?.[part]
  return node
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0

function place(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path
  if (name === undefined) return
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  tree[name] ??= {}
  place(tree[name] as Record<string, unknown>, rest, value)
}
