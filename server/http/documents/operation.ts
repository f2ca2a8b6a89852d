import type { Access } from '../route.ts'
import type { Described, Field, Schema } from './described.ts'
import { type Html, html, withCode } from './html.ts'
import { toLimit } from './openapi.ts'
import { sampleOf } from './sample.ts'
import type { Say } from './texts.ts'

export function operation(one: Described, { say, origin }: { say: Say; origin: string }): Html {
  const { route, id, path, params, query, body } = one
  return html`<article id="${id}">
<h3><a href="#${id}"><b class="method ${route.method.toLowerCase()}">${route.method}</b> <span class="path">${path}</span></a></h3>
<p>${withCode(route.summary)}</p>
<ul class="facts">${facts(one, say).map((fact) => html`<li>${fact}</li>`)}</ul>
${fieldTable(say('in_path'), params, say)}${fieldTable(say('in_query'), query, say)}
${body === 'raw' ? html`<p>${say('raw_body')}</p>` : fieldTable(say('in_body'), toFields(body), say)}
${example(one, { say, origin })}
</article>`
}

function facts({ route, bare, refusals }: Described, say: Say): Html[] {
  const found = [html`${accessWords(route.access, say)}`]
  if (bare) found.push(withCode(say('also_at', { path: `\`${bare}\`` })))
  if (route.idempotent) found.push(html`${say('repeatable')}`)
  if (route.cache) found.push(html`${say('cached', { seconds: route.cache.freshMs / 1000 })}`)
  for (const limit of route.limits ?? []) found.push(html`${say('limit', toLimit(limit))}`)
  found.push(html`${say('refusals')} ${refusals.map((status) => html`<span class="status">${status}</span> `)}`)
  return found
}

function accessWords(access: Access, say: Say): string {
  if (access === 'anyone') return say('access_anyone')
  if (access === 'person') return say('access_person')
  return 'role' in access ? say('access_role', { role: access.role }) : say('access_action', { action: access.action })
}

type Row = Field & { depth: number }

function fieldTable(title: string, fields: readonly Field[], say: Say): Html | undefined {
  if (fields.length === 0) return undefined
  const rows = fields.flatMap((field) => withInner({ ...field, depth: 0 }))
  return html`<h4>${title}</h4><div class="wide" tabindex="0"><table>${rows.map(
    ({ name, schema, isRequired, depth }) =>
      html`<tr><th scope="row" class="depth-${Math.min(depth, 3)}"><code>${name}</code>${isRequired && html` <i>${say('required')}</i>`}</th><td>${typeWords(schema)}</td><td>${withCode(typeof schema.description === 'string' ? schema.description : '')}</td></tr>`,
  )}</table></div>`
}

/** Three levels are read at a glance; what lies deeper is in the OpenAPI document. */
function withInner(row: Row): Row[] {
  const inner = (row.schema.items ?? row.schema) as Schema
  if (row.depth >= 2 || !inner.properties) return [row]
  return [row, ...toFields(inner).flatMap((field) => withInner({ ...field, depth: row.depth + 1 }))]
}

function toFields(schema: Schema | undefined): Field[] {
  const required = (schema?.required ?? []) as string[]
  return Object.entries((schema?.properties ?? {}) as Record<string, Schema>).map(([name, own]) => ({
    name,
    schema: own,
    isRequired: required.includes(name),
  }))
}

function typeWords(schema: Schema): string {
  const { minLength, maxLength, minimum, maximum, enum: choices, anyOf } = schema
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  if (Array.isArray(anyOf)) return anyOf.map((part) => typeWords(part as Schema)).join(' | ')
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any']) as string[]
  const names = types.map((type) => (type === 'array' ? `${typeWords((schema.items ?? {}) as Schema)}[]` : type)).join(' | ')
  return [names, bounds(minLength ?? minimum, maxLength ?? maximum)].filter(Boolean).join(' ')
}

function bounds(least: unknown, most: unknown): string {
  const show = (bound: unknown) => (typeof bound === 'number' ? String(bound) : '')
  return least === undefined && most === undefined ? '' : `${show(least)} … ${show(most)}`.trim()
}

function example({ route, path, params, query, body, answers }: Described, { say, origin }: { say: Say; origin: string }): Html {
  const filled = params.reduce(
    (address, { name, schema }) => address.replace(`:${name}`, encodeURIComponent(String(sampleOf(schema, name)))),
    path,
  )
  const asked = query
    .filter(({ isRequired }) => isRequired)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema, name)))}`)
  const lines = [
    `curl ${route.method === 'GET' ? '' : `-X ${route.method} `}'${origin}${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}'`,
  ]
  if (route.access !== 'anyone') lines.push(`-H 'Authorization: Bearer $TOKEN'`)
  if (route.idempotent) lines.push(`-H "Idempotency-Key: $(uuidgen)"`)
  if (body === 'raw') lines.push('--data-binary @file')
  else if (body) lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(route.example?.body ?? sampleOf(body))}'`)
  const [good] = answers
  const shown = good?.schema && JSON.stringify(route.example?.answer ?? sampleOf(good.schema), null, 2)
  return html`<h4>${say('example')}</h4><pre><code>${lines.join(' \\\n  ')}</code></pre>
${good && html`<p class="answer">${say('answer')} <span class="status">${good.status}</span></p>`}${shown && html`<pre><code>${shown}</code></pre>`}`
}
