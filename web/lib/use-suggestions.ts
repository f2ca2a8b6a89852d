import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import type { SuggestAnswer } from '#shared/api/search.ts'
import { useApi } from './api-context.ts'

const pauseMs = 120

export type Suggestions = {
  id: string
  items: readonly string[]
  /** The one the keys stand on; -1: none, what is typed counts. */
  at: number
  /** For the field: what it is to screen readers, and its keys. */
  combobox: {
    role: 'combobox'
    'aria-autocomplete': 'list'
    'aria-expanded': boolean
    'aria-controls': string
    'aria-activedescendant': string | undefined
    onKeyDown(event: KeyboardEvent): void
    onBlur(): void
  }
  ask(): void
  take(words: string): void
  close(): void
}

/** Words that go on as one types; the field keeps the focus, arrows walk through them, Enter takes one, Escape puts them away. */
export function useSuggestions(field: RefObject<HTMLInputElement | null>, seek: () => void): Suggestions {
  const api = useApi()
  const id = useId()
  const [items, setItems] = useState<readonly string[]>([])
  const [at, setAt] = useState(-1)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const asked = useRef<AbortController>(undefined)
  const typed = useRef('')

  function close() {
    clearTimeout(timer.current)
    asked.current?.abort()
    setItems([])
    setAt(-1)
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      asked.current?.abort()
    },
    [],
  )

  function ask() {
    clearTimeout(timer.current)
    asked.current?.abort()
    timer.current = setTimeout(() => void look(field.current?.value.trim() ?? ''), pauseMs)
  }

  async function look(words: string) {
    typed.current = words
    if (words === '') return close()
    const away = new AbortController()
    asked.current = away
    const path = `/search/suggest?${new URLSearchParams({ q: words.slice(0, 100) })}`
    const answer = await api.get<SuggestAnswer>(path, away.signal).catch(() => undefined)
    if (away.signal.aborted || !answer || document.activeElement !== field.current) return
    setItems(answer.items.filter((item) => item !== words).slice(0, 8))
    setAt(-1)
  }

  function take(words: string) {
    if (field.current) field.current.value = words
    close()
    seek()
  }

  function walk(by: 1 | -1) {
    const next = ((at + 1 + by + items.length + 1) % (items.length + 1)) - 1
    setAt(next)
    if (field.current) field.current.value = items[next] ?? typed.current
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || items.length === 0) return
    if (event.key === 'ArrowDown') walk(1)
    else if (event.key === 'ArrowUp') walk(-1)
    else if (event.key === 'Escape') close()
    else if (event.key === 'Enter') return close()
    else return
    event.preventDefault()
  }

  return {
    id,
    items,
    at,
    ask,
    take,
    close,
    combobox: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': items.length > 0,
      'aria-controls': id,
      'aria-activedescendant': at < 0 ? undefined : `${id}-${at}`,
      onKeyDown,
      onBlur: close,
    },
  }
}
