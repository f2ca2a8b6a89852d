import type { ComponentType } from 'react'
import type { Api } from './api.ts'
import type { Area } from './messages.ts'
import type { Reading } from './reading.ts'

export type Place = { path: string; params: Record<string, string>; search: URLSearchParams }

/** What a file of web/pages exports as `page`. */
export type Page = {
  /** Read before the page is shown: by the server before it answers, by the browser while the page before still stands. */
  readings?(place: Place): Reading<unknown>[]
  /** Read with them, but the page stands without: their failure is not the page's. */
  extras?(place: Place): Reading<unknown>[]
  View: ComponentType<Place>
  /** In the browser, where this page is the first: what is to begin before the page wakes, from what the server has read. */
  begin?(place: Place, tools: BeginTools): void
  /** `plain` pages (signing in) stand without the search field and the places to go, `bare` ones (on other sites) without anything around them. */
  frame?: 'full' | 'plain' | 'bare'
  /** 404 for the page that says so. A page whose first reading failed answers with that failure's status. */
  status?: number
}

export type BeginTools = { api: Api; known<T>(reading: Reading<T>): T | undefined }

/** One line of the table of pages: everything known of a page before it is loaded. */
export type PageEntry = {
  name: string
  pattern: string
  file: string
  areas: readonly Area[]
  /** Only for who is signed in; others are asked to sign in, and come back by the page's name. */
  needs?: 'person'
  /** The same for everybody: rendered without asking who looks. */
  isImpersonal?: boolean
  load(): Promise<{ page: Page }>
}
