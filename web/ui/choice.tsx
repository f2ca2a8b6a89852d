import { type ChangeEvent, useId } from 'react'
import { useFieldError, useForm } from './form.tsx'
import './choice.css'

export type Option = { value: string; label: string; hint?: string }

type Props = { name: string; label: string; options: readonly Option[]; defaultValue?: string | undefined; onChange?(value: string): void }

/** One of a few, each with a line that says what it means. */
export function Choice({ name, label, options, defaultValue, onChange }: Props) {
  const { written } = useForm()
  const error = useFieldError(name)
  const id = useId()
  const chosen = written[name] ?? defaultValue
  return (
    <fieldset className="choice" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="field-label">{label}</legend>
      {options.map((option) => (
        <label className="choice-option" key={option.value}>
          <input
            className="choice-dot"
            type="radio"
            name={name}
            value={option.value}
            defaultChecked={option.value === chosen}
            aria-describedby={option.hint ? `${id}-${option.value}` : undefined}
            {...(onChange ? { onChange: (event: ChangeEvent<HTMLInputElement>) => onChange(event.target.value) } : {})}
          />
          <span className="choice-words">
            {option.label}
            {option.hint ? (
              <span className="choice-hint" id={`${id}-${option.value}`}>
                {option.hint}
              </span>
            ) : null}
          </span>
        </label>
      ))}
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
