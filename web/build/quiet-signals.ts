import type { Plugin } from 'vite'

const signal = /Exception = Error\((formatProdErrorMessage\(\d+\))\)/g

/**
 * React makes the errors by which its parts signal to each other while its script is run: they are known by identity, nobody reads where they were made.
 * Where a debugger or a meter listens, each makes the engine parse the whole script once more to remember just that: as signals without a place they
 * cost nothing.
 */
export function quietSignals(): Plugin {
  return {
    name: 'quiet-signals',
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith('/react-dom-client.production.js')) return null
      const quiet = code.replaceAll(signal, 'Exception = Object.create(Error.prototype, { message: { value: $1 } })')
      if (quiet === code) throw new Error('React makes its signals in another way now: see whether it still does as it runs.')
      return { code: quiet, map: null }
    },
  }
}
