import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { Page as ListPage } from '#shared/api/common.ts'
import { useApi } from './api-context.ts'
import type { ApiFailure } from './failure.ts'
import type { Reading } from './reading.ts'

export type Pages<T> = {
  items: T[] | undefined
  error: ApiFailure | null
  retry(): void
  hasMore: boolean
  isLoadingMore: boolean
  more(): void
  /** The first page as it came, for what stands beside the list in it. */
  first: ListPage<T> | undefined
  /** Changes the list in place, page by page: what was done is seen before it is read again. */
  edit(change: (items: T[], page: number) => T[]): void
}

/** A list that comes in pages. The first is a reading like any other, so that the server can bring it along. */
export function usePages<T>(first: Reading<ListPage<T>>): Pages<T> {
  const api = useApi()
  const client = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: [first.path, 'pages'],
    queryFn: ({ pageParam, signal }) => api.get<ListPage<T>>(pageParam === null ? first.path : withCursor(first.path, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }: ListPage<T>) => nextCursor,
    initialData: () => {
      const page = client.getQueryData<ListPage<T>>([first.path])
      return page && { pages: [page], pageParams: [null] }
    },
    initialDataUpdatedAt: () => client.getQueryState([first.path])?.dataUpdatedAt,
  })
  // What the server could not read has failed in the same way for the list.
  const error = list.error ?? (list.data ? null : (client.getQueryState<ListPage<T>, ApiFailure>([first.path])?.error ?? null))
  return {
    items: list.data?.pages.flatMap(({ items }) => items),
    error,
    retry: () => void list.refetch(),
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    more: () => void list.fetchNextPage(),
    first: list.data?.pages[0],
    edit: (change) =>
      void client.setQueryData<InfiniteData<ListPage<T>>>([first.path, 'pages'], (data) =>
        data ? { ...data, pages: data.pages.map((page, at) => ({ ...page, items: change(page.items, at) })) } : data,
      ),
  }
}

function withCursor(path: string, cursor: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`
}
