import './wordmark.css'

/** The letter m is two doorways; one of them is lit. */
const letterM = 'M1.5 26V14.5a5 5 0 0 1 10 0V26M11.5 14.5a5 5 0 0 1 10 0V26M1.5 8v7'
const lights = 'M13 26V14.5a3.5 3.5 0 0 1 7 0V26z'
const letters = [
  'M42 8v18M42 17a7.25 7.5 0 1 1-14.5 0a7.25 7.5 0 1 1 14.5 0z',
  'M50 2.5V20a4.5 4.5 0 0 0 4.5 4.5H56M46 9.5h10',
  'M62.5 8v18',
  'M70 8v18M70 15a5.5 5.5 0 0 1 11 0v11',
  'M88 17h14.2a7.1 7.5 0 1 0-2.1 5.4',
  'M107.5 17h14.2a7.1 7.5 0 1 0-2.1 5.4',
]

/** The house's own name beside the sign; a house that has none yet goes by the name of the program, drawn. */
export function Wordmark({ name }: { name: string }) {
  if (name !== 'Matinee') {
    return (
      <>
        <svg className="wordmark" viewBox="0 0 23 28" aria-hidden="true">
          <path className="wordmark-light" d={lights} />
          <path className="wordmark-line" d={letterM} />
        </svg>
        <span className="wordmark-name">{name}</span>
      </>
    )
  }
  return (
    <svg className="wordmark" viewBox="0 0 124 28" role="img" aria-label={name}>
      <path className="wordmark-light" d={lights} />
      <path className="wordmark-line" d={[letterM, ...letters].join('')} />
      <circle className="wordmark-dot" cx="62.5" cy="3" r="1.9" />
    </svg>
  )
}
