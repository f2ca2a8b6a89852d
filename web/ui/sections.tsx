import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { BackIcon, type Icon } from './icons.tsx'
import './sections.css'

export type Section = { to: string; label: string; icon: Icon; isHere: boolean }

type Props = {
  label: string
  title: string
  sections: readonly Section[]
  /** Nothing was chosen: on a phone there is then the list alone, on wide screens the first section stands beside it. */
  isIndex: boolean
  back: { to: string; label: string }
  children: ReactNode
}

/** A page in sections, each with its own address: a list beside the section, or before it where there is no room for both. */
export function Sections({ label, title, sections, isIndex, back, children }: Props) {
  return (
    <div className="sections" data-index={isIndex}>
      <div className="sections-list">
        <h1 className="sections-title">{title}</h1>
        <nav aria-label={label}>
          <ul role="list">
            {sections.map(({ to, label: name, icon: Drawn, isHere }) => (
              <li key={to}>
                <Link className="sections-link" href={to} aria-current={isHere ? 'page' : undefined}>
                  <Drawn />
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <div className="sections-body">
        <Link className="sections-back" href={back.to}>
          <BackIcon />
          {back.label}
        </Link>
        <h1 className="sections-here">{sections.find(({ isHere }) => isHere)?.label}</h1>
        {children}
      </div>
    </div>
  )
}

type MatterProps = {
  title: string
  text?: ReactNode
  children: ReactNode
  /** Needs the whole width: a table. */
  isWide?: boolean
  /** The only one of its section, under the same name. */
  isWhole?: boolean
}

/** One matter of a section: what it is on the left or above, what can be done beside or below. */
export function Matter({ title, text, children, isWide = false, isWhole = false }: MatterProps) {
  const looks = ['matter', isWide || isWhole ? 'matter-wide' : '', isWhole ? 'matter-whole' : '']
  return (
    <section className={looks.filter(Boolean).join(' ')} aria-label={title}>
      <header className="matter-head">
        <h2>{title}</h2>
        {text ? <p>{text}</p> : null}
      </header>
      <div className="matter-body">{children}</div>
    </section>
  )
}
