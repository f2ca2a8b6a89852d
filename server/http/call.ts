import type { IncomingMessage } from 'node:http'
import type { FieldProblem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { isForm, mayHaveBody, readForm, readJson } from './body.ts'
import type { Exchange } from './exchange.ts'
import type { FormTokens } from './form-tokens.ts'
import type { Origins } from './origins.ts'
import type { Plan } from './plan.ts'
import { formTokenWrong, wrongFields } from './problems.ts'
import type { Call } from './route.ts'
import type { Check, Part } from './validation.ts'

export type CallParts = { origins: Origins; formTokens: FormTokens; bodyLimitBytes(): number }

/** `isChecked`: the parts were found by the patterns that they must have. */
export type Sent = { params: unknown; query: unknown; isChecked?: boolean }

/** What a handler is given. What costs something is found out when it is asked for. */
class CheckedCall implements Call<unknown, unknown, unknown> {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly isForm: boolean
  readonly #exchange: Exchange
  readonly #parts: CallParts

  constructor(exchange: Exchange, parts: CallParts, checked: { params: unknown; query: unknown; body: unknown; isForm: boolean }) {
    this.#exchange = exchange
    this.#parts = parts
    this.params = checked.params
    this.query = checked.query
    this.body = checked.body
    this.isForm = checked.isForm
  }

  get viewer(): Viewer {
    if (!this.#exchange.viewer) throw new Error('A route was called before anybody knew by whom.')
    return this.#exchange.viewer
  }

  get requestId(): string {
    return this.#exchange.id
  }

  get signal(): AbortSignal {
    return this.#exchange.signal
  }

  get headers(): IncomingMessage['headers'] {
    return this.#exchange.request.headers
  }

  get raw(): IncomingMessage {
    return this.#exchange.request
  }

  get origin(): string {
    return this.#parts.origins.ownOf(this.#exchange.client)
  }

  formToken(): string {
    return this.#parts.formTokens.create(this.viewer)
  }
}

type Read = Call<unknown, unknown, unknown>

/** Where nothing may be sent and nothing was, there is nothing to wait for. */
export function readCall(exchange: Exchange, plan: Plan, sent: Sent, parts: CallParts): Promise<Read> | Read {
  const isPlain = sent.isChecked || (plan.takesNothing && !exchange.request.url?.includes('?'))
  if (!isPlain) return checkCall(exchange, plan, sent, parts)
  return new CheckedCall(exchange, parts, { params: sent.params, query: sent.query, body: undefined, isForm: false })
}

/** Checks all that was sent, so that every wrong field is named at once, wherever it stands. */
async function checkCall(exchange: Exchange, plan: Plan, sent: Sent, parts: CallParts): Promise<Read> {
  const wrong: FieldProblem[] = []
  const take = (part: Part, check: Check | undefined, value: unknown): unknown => {
    if (!check) return part === 'body' ? undefined : value
    const { value: taken, fields } = check(value)
    wrong.push(...fields)
    return taken
  }
  const params = take('path', await plan.params?.(), sent.params)
  const query = take('query', await plan.query?.(), sent.query)
  const { value, check, isForm: cameByForm } = await readBody(exchange, plan, parts)
  const body = take('body', check, value)
  if (wrong.length > 0) throw wrongFields(wrong)
  return new CheckedCall(exchange, parts, { params, query, body, isForm: cameByForm })
}

async function readBody(
  exchange: Exchange,
  plan: Plan,
  parts: CallParts,
): Promise<{ value: unknown; check: Check | undefined; isForm: boolean }> {
  const { request } = exchange
  if (!plan.body) return { value: undefined, check: undefined, isForm: false }
  const limitBytes = plan.route.bodyLimitBytes ?? parts.bodyLimitBytes()
  if (plan.form && isForm(request)) {
    const { formToken, ...fields } = await readForm(request, limitBytes)
    if (!exchange.viewer || !parts.formTokens.holds(formToken, exchange.viewer)) throw formTokenWrong()
    return { value: fields, check: await plan.form(), isForm: true }
  }
  // What needs nothing may be sent without a body: `DELETE /user/:username` by a token alone.
  const check = await plan.body()
  if (!mayHaveBody(request) && check({}).fields.length === 0) return { value: {}, check, isForm: false }
  return { value: await readJson(request, limitBytes), check, isForm: false }
}
