import type { Values } from '#server/database/database.ts'

/** Stands where a value will stand. */
export class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Whatever is asked of it is a placeholder of that name, which the query builder takes for a value. */
export function placeholders<V extends Values>(): V {
  return new Proxy({} as V, {
    get: (_, name) => new Placeholder(String(name)),
    ownKeys() {
      throw new TypeError('the values of a prepared statement have to be named one by one')
    },
  })
}
