import { QueryClient, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Api } from './api.ts'
import type { ApiFailure } from './failure.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiFailure
  }
}

/** Something of our API that can be read: its address is its key, so that server and browser, page and component mean the same thing. */
export type Reading<T> = { path: string; answer?: T }

export function reading<T>(path: string): Reading<T> {
  return { path }
}

type ReadingOptions<T> = {
  enabled?: boolean
  /** Read again after so long; undefined once it is no use, which the answer may tell. */
  refreshMs?: number | ((answer: T | undefined) => number | undefined)
}

export function useReading<T>(what: Reading<T>, { enabled, refreshMs }: ReadingOptions<T> = {}): UseQueryResult<T, ApiFailure> {
  const pauseMs = typeof refreshMs === 'function' ? refreshMs : () => refreshMs
  return useQuery<T>({
    queryKey: [what.path],
    ...(enabled === undefined ? {} : { enabled }),
    ...(refreshMs === undefined ? {} : { refetchInterval: ({ state }) => pauseMs(state.data) ?? false }),
  })
}

/** For acts that change what was read: put the new value in place, or have it read again. */
export function useReadings() {
  const client = useQueryClient()
  return {
    put: useCallback(<T>(what: Reading<T>, value: T) => void client.setQueryData([what.path], value), [client]),
    forget: useCallback(
      (prefix: string) => client.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(prefix) }),
      [client],
    ),
    clear: useCallback(() => client.clear(), [client]),
  }
}

/** Retries are api.ts's alone, and being offline is a failure like any other: it is shown, not waited out in silence. */
export function createQueryClient(api: Pick<Api, 'get'>): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        queryFn: ({ queryKey: [path], signal }) => api.get(String(path), signal),
        retry: false,
        retryOnMount: false,
        networkMode: 'always',
        staleTime: 30_000,
      },
      mutations: { networkMode: 'always' },
    },
  })
}
