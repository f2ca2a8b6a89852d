import { useTranslations } from 'use-intl'
import type { Suggestions } from '#web/lib/use-suggestions.ts'
import { SearchIcon } from './icons.tsx'
import './suggestion-list.css'

/** Under a field of search. The list is always there, so that screen readers know what the field controls. */
export function SuggestionList({ suggestions: { id, items, at, take } }: { suggestions: Suggestions }) {
  const t = useTranslations('shell')
  return (
    <>
      <ul className="suggestions" id={id} role="listbox" aria-label={t('frame.suggestions')} data-shown={items.length > 0 || undefined}>
        {items.map((words, place) => (
          <li
            key={words}
            id={`${id}-${place}`}
            className="suggestion"
            role="option"
            aria-selected={place === at}
            // Before the field loses the focus, and with it the list.
            onMouseDown={(event) => {
              event.preventDefault()
              take(words)
            }}
          >
            <SearchIcon />
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <span className="unseen" role="status">
        {items.length > 0 ? t('frame.suggested', { count: items.length }) : null}
      </span>
    </>
  )
}
