import type { Icon } from '#web/ui/icons.tsx'

type ControlProps = { icon: Icon; label: string; keys?: string; isOn?: boolean; className?: string; act(): void }

export function Control({ icon: Drawn, label, keys, isOn, className = '', act }: ControlProps) {
  return (
    <button
      type="button"
      className={`control-button ${className}`}
      aria-label={label}
      aria-pressed={isOn}
      aria-keyshortcuts={keys}
      title={keys ? `${label} (${keys})` : label}
      onClick={act}
    >
      <Drawn />
    </button>
  )
}
