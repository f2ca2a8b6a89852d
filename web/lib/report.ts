import { createContext, useContext } from 'react'

/** Something that somebody may find wrong: its address in the API, and how people know it. */
export type Reported = { path: string; what: string }

const Context = createContext<((thing: Reported) => void) | undefined>(undefined)
export const ReportProvider = Context.Provider

/** Opens the dialog that reports a thing; undefined where nobody is signed in, or the page has none. */
export function useReport(): ((thing: Reported) => void) | undefined {
  return useContext(Context)
}
