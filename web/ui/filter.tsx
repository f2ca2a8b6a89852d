import type { FormEvent, ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import { Button } from './button.tsx'
import './filter.css'

type Props = { to: string; label: string; children: ReactNode }

/** What is chosen here stands in the page's address: it can be kept, sent, gone back to, and works without script. */
export function Filter({ to, label, children }: Props) {
  const t = useTranslations('shell')
  const [, go] = useLocation()

  function apply(form: HTMLFormElement) {
    const given = [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
    go(given.length === 0 ? to : `${to}?${new URLSearchParams(given)}`)
  }

  return (
    <search>
      <form
        className="filter"
        action={to}
        aria-label={label}
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault()
          apply(event.currentTarget)
        }}
        onChange={(event) => event.target instanceof HTMLSelectElement && apply(event.currentTarget)}
      >
        {children}
        <Button type="submit">{t('words.show')}</Button>
      </form>
    </search>
  )
}

type ChoiceProps = { name: string; label: string; value: string | null; options: readonly { value: string; label: string }[]; all: string }

export function FilterChoice({ name, label, value, options, all }: ChoiceProps) {
  return (
    <label className="filter-field">
      <span className="field-label">{label}</span>
      <select className="control control-select" name={name} key={value} defaultValue={value ?? ''}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}

export function FilterWords({ name, label, value }: { name: string; label: string; value: string | null }) {
  return (
    <label className="filter-field filter-words">
      <span className="field-label">{label}</span>
      <input className="control" type="search" name={name} key={value} defaultValue={value ?? ''} autoComplete="off" />
    </label>
  )
}
