import { useId } from 'react'
import './toggle.css'

type Props = { label: string; hint?: string; isOn: boolean; onChange(isOn: boolean): void; disabled?: boolean; isLabelUnseen?: boolean }

/** On or off, at once. What is only saved later is a checkbox, not this. */
export function Toggle({ label, hint, isOn, onChange, disabled = false, isLabelUnseen = false }: Props) {
  const id = useId()
  return (
    <div className="toggle">
      <label className={isLabelUnseen ? 'unseen' : 'toggle-words'} htmlFor={id}>
        {label}
        {hint ? (
          <span className="toggle-hint" id={`${id}-hint`}>
            {hint}
          </span>
        ) : null}
      </label>
      <input
        className="toggle-box"
        type="checkbox"
        role="switch"
        id={id}
        checked={isOn}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  )
}
