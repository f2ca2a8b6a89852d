import { type FormEvent, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { Place } from '#web/lib/page.ts'
import { useSuggestions } from '#web/lib/use-suggestions.ts'
import { useTypedWords } from '#web/lib/use-typed-words.ts'
import { SearchIcon } from '#web/ui/icons.tsx'
import { SuggestionList } from '#web/ui/suggestion-list.tsx'
import './search-field.css'

/** One key, from anywhere, as in every good reading room: `/` puts the cursor here. */
export function SearchField({ at }: { at: Place }) {
  const t = useTranslations('shell')
  const words = at.path === '/search' ? (at.search.get('q') ?? '') : ''
  const { field, typed: soon, seek } = useTypedWords(words)
  const suggestions = useSuggestions(field, seek)
  const typed = () => {
    soon()
    suggestions.ask()
  }
  useSlash(field)

  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    suggestions.close()
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
          {...suggestions.combobox}
          placeholder={t('frame.searchPlaceholder')}
          aria-label={t('places.search')}
          aria-keyshortcuts="/"
          enterKeyHint="search"
          autoComplete="off"
        />
        <kbd className="search-key" aria-hidden="true">
          /
        </kbd>
        <SuggestionList suggestions={suggestions} />
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
