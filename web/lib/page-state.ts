import type { DehydratedState } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Language } from '#shared/language.ts'
import type { RefusedForm, ShownProblem, Theme } from '#shared/page.ts'

/** What the server knew when it rendered the page; travels in the document as data, so that the browser begins with the same. */
export type PageState = {
  /** What was rendered. Not where the browser is, when the service worker answers for a server out of reach. */
  url: string
  language: Language
  theme: Theme
  timeZone: string
  formToken: string
  refused?: RefusedForm
  problem?: ShownProblem
  status: number
  readings: DehydratedState
}

export const stateElementId = 'state'

const Context = createContext<PageState | undefined>(undefined)
export const PageStateProvider = Context.Provider

export function usePageState(): PageState {
  const state = useContext(Context)
  if (!state) throw new Error('There is no page state here.')
  return state
}
