import { type TObject, Type } from 'typebox'
import { type Route, route } from '#server/http/route.ts'
import { languages } from '#shared/language.ts'
import { themes } from '#shared/page.ts'
import { type ApiAnswer, type CallApi, callerOf } from './caller.ts'
import { choicesOf } from './choices.ts'
import { type Form, forms } from './forms.ts'
import { pageAnswers, paramsOf, toAnswer } from './page-routes.ts'
import { toProblem } from './refusals.ts'
import type { Show } from './show.ts'

/** A class or a club behind one address may come in together; the API has its own limits for what matters. */
const formLimits = [{ name: 'forms', limit: { count: 600, periodMs: 3_600_000, burst: 300 }, per: 'address' as const }]

const yearS = 365 * 86_400

/** The forms of people without script: each is one or two calls to the API, then a redirect, or the page again with what is wrong. */
export function formRoutes({ show, callApi }: { show: Show; callApi: CallApi }): Route[] {
  return [
    ...forms.map((form) => formRoute(form, { show, callApi })),
    choiceRoute('language', languages, callApi),
    choiceRoute('theme', themes, callApi),
  ]
}

function formRoute(form: Form, { show, callApi }: { show: Show; callApi: CallApi }): Route {
  return route({
    method: 'POST',
    path: form.action,
    at: 'root',
    area: 'Pages',
    summary: form.summary,
    access: 'anyone',
    page: true,
    form: true,
    ...(form.isSessionless ? { sessionless: true } : {}),
    params: paramsOf(form.action),
    body: fieldsOf(form.fields),
    answers: pageAnswers,
    limits: formLimits,
    async handle(call) {
      const values = call.body as Record<string, string>
      const [path = '', search = ''] = (call.raw.url ?? '').split('?')
      const where = { params: call.params as Record<string, string>, query: new URLSearchParams(search) }
      const { language } = choicesOf(call.headers, call.viewer)
      const ask = callerOf(call.raw, callApi)
      const outcome = await form.send((method, to, body, cookie) => ask(method, to, { language, body, cookie }), values, where)
      if ('goTo' in outcome) return { status: 303 as const, headers: { location: outcome.goTo, ...sessionOf(outcome.from) } }
      const problem = toProblem(outcome.refused)
      const again = toAnswer(await show(call, { action: path, values: harmless(form, values), problem }))
      return { ...again, headers: { ...again.headers, 'cache-control': 'no-store' } }
    },
  })
}

function fieldsOf(names: readonly string[]): TObject {
  return Type.Object(Object.fromEntries(names.map((name) => [name, Type.Optional(Type.String({ maxLength: 5000 }))])))
}

/** The session that the API handed out, or took back. */
function sessionOf(from: ApiAnswer | undefined): Record<string, string> {
  const cookie = from?.headers['set-cookie']?.at(-1)
  return cookie === undefined ? {} : { 'set-cookie': cookie }
}

/** What may stand in a page again: never a secret. */
function harmless({ secrets }: Form, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.includes(name)))
}

function choiceRoute<T extends string>(name: 'language' | 'theme', known: readonly T[], callApi: CallApi): Route {
  return route({
    method: 'POST',
    path: `/${name}`,
    at: 'root',
    area: 'Pages',
    summary: `Choose the ${name} of this device.`,
    access: 'anyone',
    page: true,
    form: true,
    body: Type.Object({ [name]: Type.Enum([...known]) }),
    answers: pageAnswers,
    limits: formLimits,
    async handle(call) {
      const value = String((call.body as Record<string, unknown>)[name])
      const { language } = choicesOf(call.headers, call.viewer)
      if (name === 'language' && call.viewer.kind === 'person')
        await callerOf(call.raw, callApi)('PATCH', '/me', { language, body: { language: value } })
      return {
        status: 303 as const,
        headers: { location: backTo(call.headers.referer, call.origin) },
        cookies: [{ name, value, maxAgeS: yearS, httpOnly: false }],
      }
    },
  })
}

/** To the page the form stood on, where the browser tells, and only if it is one of ours. */
function backTo(referer: string | undefined, origin: string): string {
  if (referer === undefined || !URL.canParse(referer)) return '/'
  const from = new URL(referer)
  return from.origin === origin ? from.pathname + from.search : '/'
}
