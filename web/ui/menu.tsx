import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import './menu.css'

type Props = { id: string; label: string; children: ReactNode }

/**
 * A list of things to do, opened by any button that names it in `popoverTarget`; that alone works without script. It stands by the button
 * that opened it (on phones, at the lower edge), closes by Escape, by a choice and by a touch elsewhere; arrows walk in it.
 */
export function Menu({ id, label, children }: Props) {
  const element = useRef<HTMLDivElement>(null)

  function walk(event: KeyboardEvent) {
    const stops = [...(element.current?.querySelectorAll<HTMLElement>('a[href], button:not(:disabled)') ?? [])]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key]
    if (next === undefined || stops.length === 0) return
    event.preventDefault()
    stops.at(next % stops.length)?.focus()
  }

  function closeOnChoice(event: React.MouseEvent) {
    if (event.target instanceof Element && event.target.closest('a[href], [data-closes]')) element.current?.hidePopover()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys and clicks are those of the links and buttons inside
    <div className="menu" id={id} popover="auto" role="group" aria-label={label} ref={element} onKeyDown={walk} onClick={closeOnChoice}>
      {children}
    </div>
  )
}

/** Something to do, in a menu; the menu closes by it. */
export function MenuAct({ act, children }: { act(): void; children: ReactNode }) {
  return (
    <button className="menu-item" type="button" data-closes onClick={act}>
      {children}
    </button>
  )
}
