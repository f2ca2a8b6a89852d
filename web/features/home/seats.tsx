const seat = 'M1 44V16A15 15 0 0 1 16 1H32A15 15 0 0 1 47 16V44'

/** Three rows seen from behind; the nearer, the darker. Only their upper edges catch the light of the screen. */
export function Seats() {
  return (
    <div className="seats" aria-hidden="true">
      {[1, 2, 3].map((row) => (
        <svg key={row} className={`seats-row seats-row-${row}`}>
          <defs>
            <pattern id={`seat-${row}`} width="54" height="44" patternUnits="userSpaceOnUse" x={row % 2 === 0 ? 27 : 0}>
              <path className="seats-seat" d={seat} />
            </pattern>
          </defs>
          <rect width="100%" height="100%" fill={`url(#seat-${row})`} />
        </svg>
      ))}
    </div>
  )
}
