import { watch } from 'node:fs'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from './keys.ts'
import { eachKey } from './keys.ts'
import { ConfigError, folderOf, loadConfig, type Origin } from './load.ts'
import { valueAt } from './print.ts'

export type Change = { config: Config; changed: string[]; needRestart: string[] }

/**
 * The configuration as it is now. What may change while the program runs is handed to parts as a function that reads `current()`;
 * a file that is wrong is refused whole, and what stood goes on.
 */
export class LiveConfig implements Disposable {
  readonly #origin: Origin
  readonly #first: Config
  #current: Config
  readonly #heard = new Set<(change: Change) => void>()
  readonly #refused = new Set<(error: ConfigError) => void>()
  #watcher: { close(): void } | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(origin: Origin) {
    this.#origin = origin
    this.#first = loadConfig(origin)
    this.#current = this.#first
  }

  current(): Config {
    return this.#current
  }

  onChange(heard: (change: Change) => void): void {
    this.#heard.add(heard)
  }

  onRefused(heard: (error: ConfigError) => void): void {
    this.#refused.add(heard)
  }

  /** Looks at the folder, because editors save by renaming a new file over the old one. */
  watch(): void {
    const { file } = this.#origin
    if (file === undefined) return
    const name = basename(file)
    const watcher = watch(folderOf(file), { persistent: false }, (_event, touched) => {
      if (touched !== null && touched !== name) return
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.reload(), 100)
      this.#timer.unref()
    })
    watcher.on('error', () => watcher.close())
    this.#watcher = watcher
  }

  reload(): boolean {
    let next: Config
    try {
      next = loadConfig(this.#origin)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const heard of this.#refused) heard(error)
      return false
    }
    const changed: string[] = []
    const needRestart: string[] = []
    for (const { path, key } of eachKey()) {
      if (isDeepStrictEqual(valueAt(this.#current, path), valueAt(next, path))) continue
      ;(key.reload ? changed : needRestart).push(path.join('.'))
    }
    if (changed.length === 0 && needRestart.length === 0) return true
    this.#current = next
    for (const heard of this.#heard) heard({ config: next, changed, needRestart })
    return true
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#watcher?.close()
  }
}
