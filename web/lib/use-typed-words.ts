import { type RefObject, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'

const pauseMs = 200
const place = '/search'

export type TypedWords = {
  field: RefObject<HTMLInputElement | null>
  /** Words were typed: on the page of search they are sought after a moment. */
  typed(): void
  /** At once, from wherever one is. */
  seek(): void
}

/** A field of search. `words`: those of the address, which the field follows; on the page of search the address follows the field. */
export function useTypedWords(words: string): TypedWords {
  const [, go] = useLocation()
  const field = useRef<HTMLInputElement>(null)
  const shown = useRef(words)
  const sent = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    const element = field.current
    if (!element || shown.current === words) return
    shown.current = words
    // What was sent from here comes back while one types on.
    if (sent.current.has(words) && document.activeElement === element) return
    sent.current.clear()
    element.value = words
  }, [words])
  useEffect(() => () => clearTimeout(timer.current), [])

  function seek() {
    clearTimeout(timer.current)
    const isThere = location.pathname === place
    const search = new URLSearchParams(isThere ? location.search : '')
    const next = field.current?.value.trim() ?? ''
    if (isThere && next === (search.get('q')?.trim() ?? '')) return
    search.delete('cursor')
    if (next === '') search.delete('q')
    else search.set('q', next)
    sent.current.add(next)
    go(search.size === 0 ? place : `${place}?${search}`, { replace: isThere })
  }

  function typed() {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => location.pathname === place && seek(), pauseMs)
  }

  return { field, typed, seek }
}
