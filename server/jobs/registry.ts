import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import type { Json } from '#server/lib/json.ts'
import type { TaskKind } from './task-kind.ts'

/** All kinds of tasks of this program, by their names, with what their payloads must look like. Features declare theirs as they are made. */
export class Registry {
  readonly #kinds = new Map<string, TaskKind>()
  readonly #checks = new Map<string, ReturnType<typeof Compile>>()

  declare(...kinds: readonly TaskKind[]): this {
    for (const kind of kinds) {
      if (this.#kinds.has(kind.name)) throw new TypeError(`there are two kinds of tasks called ${kind.name}`)
      if (!/^[a-z][a-z0-9._-]{0,63}$/.test(kind.name)) throw new TypeError(`a kind of tasks cannot be called '${kind.name}'`)
      this.#kinds.set(kind.name, kind)
    }
    return this
  }

  list(): TaskKind[] {
    return [...this.#kinds.values()]
  }

  find(name: string): TaskKind | undefined {
    return this.#kinds.get(name)
  }

  /** What is wrong with the payload; undefined when nothing is. */
  complaint(kind: TaskKind, payload: Json): string | undefined {
    let check = this.#checks.get(kind.name)
    if (!check) {
      check = Compile(kind.payload as TSchema)
      this.#checks.set(kind.name, check)
    }
    if (check.Check(payload)) return undefined
    const [first] = check.Errors(payload)
    return `${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`
  }
}
