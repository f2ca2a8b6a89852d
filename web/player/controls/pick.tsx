import { type ReactNode, useId } from 'react'
import { CheckIcon } from '#web/ui/icons.tsx'
import { Menu } from '#web/ui/menu.tsx'

type PickProps = { label: string; shown: ReactNode; className?: string; children: ReactNode }

/** A button of the bar that says what is chosen, and what else could be. */
export function Pick({ label, shown, className = '', children }: PickProps) {
  const id = useId()
  return (
    <>
      <button type="button" className={`control-button ${className}`} popoverTarget={id} aria-label={label} title={label}>
        {shown}
      </button>
      <Menu id={id} label={label}>
        {children}
      </Menu>
    </>
  )
}

type OptionProps = { isOn: boolean; choose(): void; children: ReactNode; hint?: ReactNode }

export function PickOption({ isOn, choose, children, hint }: OptionProps) {
  return (
    <button type="button" className="menu-item pick-option" aria-pressed={isOn} data-closes onClick={choose}>
      {isOn ? <CheckIcon /> : <span className="pick-gap" />}
      <span>{children}</span>
      {hint ? <span className="pick-hint">{hint}</span> : null}
    </button>
  )
}
