import { type FormEvent, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import type { Place } from '#web/lib/page.ts'
import { SearchIcon } from '#web/ui/icons.tsx'
import './search-field.css'

/** One key, from anywhere, as in every good reading room: `/` puts the cursor here. */
export function SearchField({ at }: { at: Place }) {
  const t = useTranslations('shell')
  const [, go] = useLocation()
  const field = useRef<HTMLInputElement>(null)
  useSlash(field)

  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const words = field.current?.value.trim() ?? ''
    go(words === '' ? '/search' : `/search?${new URLSearchParams({ q: words })}`)
  }

  return (
    <search className="search">
      <form className="search-form" action="/search" onSubmit={search}>
        <SearchIcon />
        <input
          key={at.search.get('q')}
          ref={field}
          className="search-input"
          type="search"
          name="q"
          defaultValue={at.search.get('q') ?? ''}
          placeholder={t('frame.searchPlaceholder')}
          aria-label={t('places.search')}
          aria-keyshortcuts="/"
          enterKeyHint="search"
          autoComplete="off"
        />
        <kbd className="search-key" aria-hidden="true">
          /
        </kbd>
      </form>
    </search>
  )
}

function useSlash(field: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      event.preventDefault()
      field.current?.focus()
      field.current?.select()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [field])
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
