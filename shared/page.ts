import type { Language } from './language.ts'

export const themes = ['dark', 'light', 'auto'] as const
export type Theme = (typeof themes)[number]
export const defaultTheme: Theme = 'dark'

/** Asks our own API as the one who looks at the page. Answers as the API does, problems included; throws when there is no answer at all. */
export type AskApi = (path: string, signal?: AbortSignal) => Promise<{ status: number; body: unknown }>

/** A form that was sent without script and refused: shown again with what was written, secrets apart, and what is wrong. */
export type RefusedForm = { action: string; values: Record<string, string>; problem: FormProblem }
export type FormProblem = { code: string; text: string; fields: { path: string; text: string }[] }

export type PageRequest = {
  /** Path and query. */
  url: string
  /** Scheme and host, for the addresses that link previews need. */
  origin: string
  language: Language
  theme: Theme
  timeZone: string
  ask: AskApi
  /** Goes into every form that works without script. */
  formToken: string
  refused?: RefusedForm
}

export type PageAnswer = { status: number; html: string }

/** The web app's server entry. `server/features/site` knows it by this type alone. */
export type RenderPage = (request: PageRequest) => Promise<PageAnswer>

/** The part of Vite's manifest that the server needs to name scripts and styles of a page. */
export type BuildManifest = Record<string, { file: string; css?: string[]; imports?: string[]; dynamicImports?: string[] }>

export type OpenRenderer = (manifest: BuildManifest) => RenderPage
