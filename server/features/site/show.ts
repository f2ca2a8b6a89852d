import type { IncomingMessage } from 'node:http'
import type { Viewer } from '#server/lib/viewer.ts'
import type { PageMarks, PageRenderer, PageRequest, RefusedForm } from '#shared/page.ts'
import { type CallApi, callerOf } from './caller.ts'
import { choicesOf } from './choices.ts'
import { createRememberedPages } from './remembered.ts'

/** What is known of whoever looks at a page. */
export type Look = { raw: IncomingMessage; viewer: Viewer; origin: string; formToken(): string }

/** `session`: a token that the API has renewed while the page was read. The browser must get it. */
export type Shown = ({ status: number; html: string | Uint8Array; language: string } | { goTo: string }) & { session?: string }

export type Show = (look: Look, refused?: RefusedForm) => Promise<Shown>

/** Some hundred pages. */
const rememberedBytes = 32 * 2 ** 20

type Parts = { renderer: PageRenderer; callApi: CallApi }

export function createShow({ renderer, callApi }: Parts): Show {
  const remembered = createRememberedPages({ mostBytes: rememberedBytes })
  return async (look, refused) => {
    const { request, session } = requestOf(look, callApi)
    const page = await renderer.read({ ...request, ...(refused ? { refused } : {}) })
    const answer = 'of' in page ? await remembered.show(page, marksOf(look)) : page
    const renewed = session()
    return { ...answer, ...(renewed === undefined ? {} : { session: renewed }) }
  }
}

/** A problem where a page was asked for. */
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
    const look: Look = { raw, viewer: shown.viewer, origin: shown.origin, formToken: () => shown.formToken() }
    const page = await renderer.read({ ...requestOf(look, callApi).request, problem })
    return 'of' in page ? (await page.render(marksOf(look))).html : ''
  }
}

const marksOf = (look: Look): PageMarks => ({ formToken: look.formToken(), nowMs: Date.now() })

function requestOf(look: Look, callApi: CallApi): { request: PageRequest; session(): string | undefined } {
  const { raw, viewer, origin } = look
  const choices = choicesOf(raw.headers, viewer)
  const call = callerOf(raw, callApi)
  let session: string | undefined
  const request: PageRequest = {
    url: raw.url ?? '/',
    origin,
    ...choices,
    ask: async (path) => {
      const answer = await call('GET', path, choices)
      session = answer.headers['set-cookie']?.at(-1) ?? session
      return {
        status: answer.status,
        text: answer.text,
        get body() {
          return answer.json
        },
      }
    },
  }
  return { request, session: () => session }
}
