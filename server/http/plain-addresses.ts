import type { IncomingMessage } from 'node:http'
import type { TSchema } from 'typebox'
import type { Plan } from './plan.ts'

/** The route of an address, and the parts of it as they were checked. */
export type PlainAddress = { plan: Plan; params: Record<string, string | number> }

type Pattern = { plan: Plan; shape: RegExp; parts: readonly { name: string; isNumber: boolean }[] }

/**
 * Addresses of routes that say `plain`: one look by the patterns of their own parameters finds the route and checks the parts, without the
 * framework. What does not fit goes the long way, and hears there what is wrong with it.
 */
export function createPlainAddresses(plans: readonly Plan[]) {
  const patterns = plans.filter(({ route }) => route.plain).flatMap((plan) => plan.paths.map((path) => patternOf(plan, path)))

  return {
    find({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): PlainAddress | undefined {
      if (method !== 'GET' && method !== 'HEAD') return undefined
      for (const { plan, shape, parts } of patterns) {
        const found = shape.exec(url)
        if (!found) continue
        const params: PlainAddress['params'] = {}
        for (const [place, { name, isNumber }] of parts.entries()) {
          const text = found[place + 1] ?? ''
          params[name] = isNumber ? Number(text) : text
        }
        return { plan, params }
      }
      return undefined
    },
  }
}

export type PlainAddresses = ReturnType<typeof createPlainAddresses>

function patternOf(plan: Plan, path: string): Pattern {
  const { properties } = plan.route.params as {
    properties: Record<string, TSchema & { type?: string; pattern?: string; minimum?: number }>
  }
  const parts: Pattern['parts'][number][] = []
  const shape = path.split('/').map((piece) => {
    if (!piece.startsWith(':')) return RegExp.escape(piece)
    const name = piece.slice(1)
    const { type, pattern = '', minimum } = properties[name] ?? {}
    const isNumber = type === 'integer' && minimum === 1
    if (!isNumber && !/^\^.*\$$/.test(pattern)) throw new Error(`The route ${plan.name} is not plain: ${name} has no pattern.`)
    parts.push({ name, isNumber })
    return isNumber ? '([1-9]\\d{0,14})' : `(${pattern.slice(1, -1).replace(/\((?!\?)/g, '(?:')})`
  })
  return { plan, shape: new RegExp(`^${shape.join('/')}$`), parts }
}
