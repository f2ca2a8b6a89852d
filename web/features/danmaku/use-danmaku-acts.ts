import { useSyncExternalStore } from 'react'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import type { Pages } from '#web/lib/use-pages.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { danmakuPath, type Listed } from './api.ts'
import { flightOf, withdraw } from './flight.ts'

export type DanmakuActs = {
  of(item: Listed): { isOwn: boolean; isLiked: boolean }
  like(item: Listed): Promise<void>
  remove(item: Listed): Promise<void>
}

/** Shown at once, and taken back where the house says no. */
export function useDanmakuActs(vid: string, pages: Pages<Listed>): DanmakuActs {
  const api = useApi()
  const say = useSay()
  const textOf = useFailureText()
  const { store } = flightOf(vid)
  const { liked, items } = useSyncExternalStore(store.watch, store.get)
  const replace = (next: Listed) => pages.edit((all) => all.map((one) => (one.id === next.id ? next : one)))
  const tell = (failure: unknown) => {
    if (failure instanceof ApiFailure) say({ look: 'failed', text: textOf(failure) })
  }
  const isLiked = ({ id }: Listed) => liked.has(id)

  function mark({ id }: Listed, isOn: boolean) {
    const next = new Set(store.get().liked)
    if (isOn) next.add(id)
    else next.delete(id)
    store.set({ liked: next })
  }

  return {
    of: (item) => ({ isOwn: items.some(({ id, isOwn }) => id === item.id && isOwn), isLiked: isLiked(item) }),
    async like(item) {
      const isOn = !isLiked(item)
      mark(item, isOn)
      replace({ ...item, likes: Math.max(0, item.likes + (isOn ? 1 : -1)) })
      try {
        await api.send(isOn ? 'PUT' : 'DELETE', `${danmakuPath(vid, item.id)}/like`)
      } catch (failure) {
        mark(item, !isOn)
        replace(item)
        tell(failure)
      }
    },
    async remove(item) {
      try {
        await api.send('DELETE', danmakuPath(vid, item.id))
        pages.edit((all) => all.filter(({ id }) => id !== item.id))
        withdraw(vid, item.id)
      } catch (failure) {
        tell(failure)
      }
    },
  }
}
