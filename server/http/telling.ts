import type { Problem } from '#server/lib/problem.ts'
import type { Log } from '#server/ports/log.ts'
import { strangerOf } from './admission.ts'
import type { Exchange } from './exchange.ts'
import type { FormTokens } from './form-tokens.ts'
import type { Origins } from './origins.ts'
import { plainProblemPage, type ProblemPage } from './problem-page.ts'
import { type ProblemAnswer, problemAnswer, toProblem } from './problem-answers.ts'
import type { SecurityHeaders } from './security-headers.ts'
import { write } from './write.ts'

/** Ends an exchange with what was thrown, if it can still be told. Never throws. */
export type Tell = (exchange: Exchange, thrown: unknown) => Promise<void>

export function createTelling(parts: {
  log: Log
  security: SecurityHeaders
  origins: Origins
  formTokens: FormTokens
  problemPage: ProblemPage
}): Tell {
  const { log, security, origins } = parts
  const noted = new WeakSet<object>()

  const note = (exchange: Exchange, error: unknown) => {
    // Many may have waited for the one flight that failed: its story is told once.
    if (typeof error === 'object' && error !== null) {
      if (noted.has(error)) return
      noted.add(error)
    }
    log.error('http.failed', { error, route: exchange.plan?.name ?? '', requestId: exchange.id })
  }

  const tell = async (exchange: Exchange, problem: Problem) => {
    const { response, client } = exchange
    if (response.headersSent || response.writableEnded) {
      response.destroy()
      return
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    const { status, headers, body } = problemAnswer(problem, { language: exchange.language, requestId: exchange.id })
    const isPage = wantsPage(exchange)
    const own = exchange.plan?.route.failureBody?.(body)
    const text = isPage ? await showAsPage(exchange, body) : JSON.stringify(own ?? body)
    await write(exchange, {
      status,
      headers: [...(isPage ? security.page(client.isSecure) : security.data(client.isSecure)), ...headers],
      contentType: isPage ? 'text/html; charset=utf-8' : own ? 'application/json; charset=utf-8' : 'application/problem+json',
      body: text,
      isTaggable: false,
      isCompressible: false,
    })
  }

  const showAsPage = async (exchange: Exchange, body: ProblemAnswer['body']) => {
    const viewer = exchange.viewer ?? strangerOf(exchange)
    const shown = {
      ...body,
      detail: body.detail,
      viewer,
      requestId: exchange.id,
      request: exchange.request,
      origin: origins.ownOf(exchange.client),
      formToken: () => parts.formTokens.create(viewer),
    }
    try {
      return await parts.problemPage(shown)
    } catch (error) {
      // What draws pages is broken itself, as it may have been what failed before: whoever waits gets the bare words.
      if (!isGone(exchange, error)) note(exchange, error)
      return plainProblemPage(shown)
    }
  }

  return async (exchange, thrown) => {
    const { problem, isBug } = toProblem(thrown)
    if (isBug && !isGone(exchange, thrown)) note(exchange, thrown)
    try {
      await tell(exchange, problem)
    } catch (error) {
      // Nothing is left to say: whoever waits shall not wait for ever.
      if (!isGone(exchange, error)) note(exchange, error)
      exchange.response.destroy()
    }
  }
}

/** People get pages, programs get JSON: the route says, and where there is none, what the caller accepts. */
function wantsPage({ plan, request }: Exchange): boolean {
  if (plan) return plan.route.page === true
  const isApi = /^\/api(?:[/?]|$)/.test(request.url ?? '')
  return !isApi && (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '').includes('text/html')
}

/** The caller hung up: nobody's fault, and nobody to tell. */
function isGone({ response }: Exchange, thrown: unknown): boolean {
  if (!response.destroyed && !response.closed) return false
  const { name, code } = thrown as { name?: unknown; code?: unknown }
  return name === 'AbortError' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE'
}
