import { createContext, useContext } from 'react'
import type { Api } from './api.ts'

export type { Api } from './api.ts'

const Context = createContext<Api | undefined>(undefined)
export const ApiProvider = Context.Provider

export function useApi(): Api {
  const api = useContext(Context)
  if (!api) throw new Error('There is no API here.')
  return api
}
