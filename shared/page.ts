import type { Language } from './language.ts'

export const themes = ['dark', 'light', 'auto'] as const
export type Theme = (typeof themes)[number]
export const defaultTheme: Theme = 'dark'

/** Asks our own API as the one who looks at the page. Answers as the API does, problems included; throws when there is no answer at all. */
export type AskApi = (path: string) => Promise<ApiReading>
/** `body` is parsed when somebody looks at it. */
export type ApiReading = { status: number; text: string; readonly body: unknown }

/** A form that was sent without script and refused: shown again with what was written, secrets apart, and what is wrong. */
export type RefusedForm = { action: string; values: Record<string, string>; problem: ShownProblem }
export type ShownProblem = {
  status: number
  code: string
  text: string
  fields: { path: string; text: string }[]
  requestId?: string
}

export type PageRequest = {
  /** Path and query. */
  url: string
  /** Scheme and host, for the addresses that link previews need. */
  origin: string
  /** What this device or browser asks for. What a person has chosen for good comes first. */
  language: Language
  theme: Theme
  timeZone: string
  ask: AskApi
  refused?: RefusedForm
  /** The request has failed; the page says so, whatever its address. */
  problem?: ShownProblem
}

/** What differs each time that a page is shown, though it says the same: for every form that works without script, and when it was read. */
export type PageMarks = { formToken: string; nowMs: number }

export type PageAnswer = { status: number; html: string; language: Language }

/**
 * A page that has read what it shows. `of`: all that it is made of, its marks apart: where this is the same, so is the page. Undefined where it
 * would hardly be the same again.
 */
export type ReadPage = { goTo: string } | { of: string | undefined; render(marks: PageMarks): Promise<PageAnswer> }

/** The web app as the server knows it: `server/features/site` names no file of it. */
export type PageRenderer = {
  /** Addresses of pages, in the form of the router of routes. */
  readonly patterns: readonly string[]
  read(request: PageRequest): Promise<ReadPage>
}

/** The part of Vite's manifest that the server needs to name scripts and styles of a page. */
export type BuildManifest = Record<string, { file: string; css?: string[]; imports?: string[]; dynamicImports?: string[] }>

/** What the server's build exports as `openRenderer`. */
export type OpenRenderer = (manifest: BuildManifest) => PageRenderer
