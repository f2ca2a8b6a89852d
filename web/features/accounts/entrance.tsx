import type { ReactNode } from 'react'
import './entrance.css'

type Props = { title: string; lead?: ReactNode; children: ReactNode; aside?: ReactNode }

/** The face of every page on the way in: a dark wall with one lit doorway, and the form beside it. */
export function Entrance({ title, lead, children, aside }: Props) {
  return (
    <div className="entrance">
      <Doorway />
      <section className="entrance-form" aria-labelledby="entrance-title">
        <h1 id="entrance-title">{title}</h1>
        {lead ? <p className="entrance-lead">{lead}</p> : null}
        {children}
        {aside ? <div className="entrance-aside">{aside}</div> : null}
      </section>
    </div>
  )
}

const echoes = [0, 1, 2, 3]

function Doorway() {
  return (
    <div className="entrance-wall" aria-hidden="true">
      <svg className="entrance-door" viewBox="0 0 600 760" preserveAspectRatio="xMidYMax meet">
        <defs>
          <radialGradient id="door-light" cx="0.5" cy="0.62" r="0.75">
            <stop className="entrance-bright" offset="0" />
            <stop className="entrance-warm" offset="1" />
          </radialGradient>
          <linearGradient id="door-spill" x1="0" y1="0" x2="0" y2="1">
            <stop className="entrance-warm" offset="0" stopOpacity="0.5" />
            <stop className="entrance-warm" offset="1" stopOpacity="0" />
          </linearGradient>
        </defs>
        {echoes.map((step) => (
          <path key={step} className={`entrance-echo entrance-echo-${step}`} d={arch(112 + 38 * step, 590)} />
        ))}
        <path d={`${arch(74, 590)}z`} fill="url(#door-light)" />
        <path d="M226 590H374L520 760H80z" fill="url(#door-spill)" />
        <path className="entrance-floor" d="M0 590H226M374 590H600" />
      </svg>
    </div>
  )
}

/** A doorway of half the given width on each side, standing on `floor`. */
function arch(half: number, floor: number): string {
  const spring = 330
  return `M${300 - half} ${floor}V${spring}a${half} ${half} 0 0 1 ${2 * half} 0V${floor}`
}
