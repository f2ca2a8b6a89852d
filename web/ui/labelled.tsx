import { type ReactNode, useId } from 'react'
import { WarningIcon } from './icons.tsx'
import './field.css'

export type LabelledParts = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
type Props = {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  isLabelUnseen?: boolean
  children(parts: LabelledParts): ReactNode
}

/** Label above, what is wrong and what helps below, joined for screen readers; what is inside is one control. */
export function Labelled({ label, hint, error, isLabelUnseen = false, children }: Props) {
  const id = useId()
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label className={isLabelUnseen ? 'unseen' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      {children({ id, ...(described ? { 'aria-describedby': described } : {}), ...(error ? { 'aria-invalid': true } : {}) })}
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          <WarningIcon />
          <span>{error}</span>
        </p>
      ) : null}
      {hint ? (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  )
}
