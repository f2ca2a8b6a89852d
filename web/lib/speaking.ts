import { createContext, useContext } from 'react'
import type { Language } from '#shared/language.ts'

const Context = createContext<(language: Language) => Promise<void>>(async () => undefined)
export const SpeakingProvider = Context.Provider

/** Turns the page into another language, in place. Keeping the choice is another matter (features/preferences). */
export function useSpeaking(): (language: Language) => Promise<void> {
  return useContext(Context)
}
