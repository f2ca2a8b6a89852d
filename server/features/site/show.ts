import type { IncomingMessage } from 'node:http'
import type { Viewer } from '#server/lib/viewer.ts'
import type { PageRenderer, PageRequest, RefusedForm } from '#shared/page.ts'
import { type CallApi, callerOf } from './caller.ts'
import { choicesOf } from './choices.ts'

/** What is known of whoever looks at a page. */
export type Look = { raw: IncomingMessage; viewer: Viewer; origin: string; formToken(): string }

export type Shown = { status: number; html: string; language: string } | { goTo: string }

export type Show = (look: Look, refused?: RefusedForm) => Promise<Shown>

type Parts = { renderer: PageRenderer; callApi: CallApi }

export function createShow({ renderer, callApi }: Parts): Show {
  return (look, refused) => renderer.render({ ...requestOf(look, callApi), ...(refused ? { refused } : {}) })
}

/** A problem where a page was asked for. Nothing is sent from such a page, so its forms carry no token that would hold. */
export function createShowProblem({ renderer, callApi }: Parts) {
  return async (shown: {
    status: number
    code: string
    title: string
    detail: string | undefined
    viewer: Viewer
    requestId: string
    request: IncomingMessage
    origin: string
    formToken(): string
  }): Promise<string> => {
    const { status, code, title, detail, requestId, request: raw } = shown
    const problem = { status, code, text: detail ?? title, fields: [], requestId }
    const answer = await renderer.render({
      ...requestOf({ raw, viewer: shown.viewer, origin: shown.origin, formToken: () => shown.formToken() }, callApi),
      problem,
    })
    return 'html' in answer ? answer.html : ''
  }
}

function requestOf(look: Look, callApi: CallApi): PageRequest {
  const { raw, viewer, origin } = look
  const choices = choicesOf(raw.headers, viewer)
  const call = callerOf(raw, callApi)
  return {
    url: raw.url ?? '/',
    origin,
    ...choices,
    formToken: look.formToken(),
    ask: async (path) => {
      const { status, json } = await call('GET', path, choices)
      return { status, body: json }
    },
  }
}
