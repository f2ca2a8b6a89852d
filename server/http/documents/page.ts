import type { Language } from '#shared/language.ts'
import type { Route } from '../route.ts'
import { everyProblemText } from '../texts.ts'
import { type Described, describeRoutes } from './described.ts'
import { type Html, html, withCode } from './html.ts'
import { operation } from './operation.ts'
import { type Say, speakerOf, type Words } from './texts.ts'

export type PageParts = { routes: readonly Route[]; language: Language; origin: string; theme: string }

/** The page of documents: one whole text, so that the browser's own search finds everything. */
export function toPage({ routes, language, origin, theme }: PageParts): string {
  const say = speakerOf(language)
  const areas = Map.groupBy(describeRoutes(routes), ({ route }) => route.area)
  return html`<!doctype html>
<html lang="${language}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say('title')}</title>
<meta name="description" content="${say('lead')}">
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header><a class="home" href="/">Matinee</a><h1>${say('title')}</h1><p>${say('lead')}</p>
<p>${machineLink(say)}</p></header>
<nav aria-label="${say('contents')}"><h2>${say('contents')}</h2>${contents(say, areas)}</nav>
<main>${basics(say)}${[...areas].map(([area, routesOfArea]) => section(area, routesOfArea, { say, origin }))}${codes(say, language)}</main>
</body>
</html>
`.text
}

function machineLink(say: Say): Html {
  const [before, after = ''] = say('machine', { link: '\0' }).split('\0')
  return html`${before}<a href="/api/openapi.json">OpenAPI 3.1</a>${after}`
}

const subjects = ['where', 'who', 'errors', 'paging', 'repeating', 'limits', 'caching'] as const

function contents(say: Say, areas: ReadonlyMap<string, readonly Described[]>): Html {
  return html`<ul><li><a href="#basics">${say('basics')}</a></li>
${[...areas].map(
  ([area, routes]) =>
    html`<li><a href="#${anchor(area)}">${area}</a><ul>${routes.map(({ id, route, path }) => html`<li><a href="#${id}"><b>${route.method}</b> ${path}</a></li>`)}</ul></li>`,
)}
<li><a href="#codes">${say('codes')}</a></li></ul>`
}

function basics(say: Say): Html {
  return html`<section id="basics"><h2>${say('basics')}</h2><dl class="basics">${subjects.map(
    (subject) => html`<dt>${say(subject)}</dt><dd>${withCode(say(`${subject}_text` as Words))}</dd>`,
  )}</dl></section>`
}

function section(area: string, routes: readonly Described[], page: { say: Say; origin: string }): Html {
  return html`<section id="${anchor(area)}"><h2>${area}</h2>${routes.map((one) => operation(one, page))}</section>`
}

function codes(say: Say, language: Language): Html {
  const rows = everyProblemText(language).map(
    ({ code, text }) => html`<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${text}</td></tr>`,
  )
  return html`<section id="codes"><h2>${say('codes')}</h2><p>${say('codes_text')}</p><div class="wide" tabindex="0"><table>${rows}</table></div></section>`
}

const anchor = (area: string) => `area-${area.toLowerCase().replaceAll(/\s+/g, '-')}`
