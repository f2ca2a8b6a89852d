import { type FormEvent, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { Place } from '#web/lib/page.ts'
import { useTypedWords } from '#web/lib/use-typed-words.ts'
import { SearchIcon } from '#web/ui/icons.tsx'
import './search-field.css'

/** One key, from anywhere, as in every good reading room: `/` puts the cursor here. */
export function SearchField({ at }: { at: Place }) {
  const t = useTranslations('shell')
  const words = at.path === '/search' ? (at.search.get('q') ?? '') : ''
  const { field, typed, seek } = useTypedWords(words)
  useSlash(field)

  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    seek()
  }

  return (
    <search className="search">
      <form className="search-form" action="/search" onSubmit={search}>
        <SearchIcon />
        <input
          ref={field}
          className="search-input"
          type="search"
          name="q"
          maxLength={200}
          defaultValue={words}
          onInput={(event) => event.nativeEvent.isComposing || typed()}
          onCompositionEnd={typed}
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
