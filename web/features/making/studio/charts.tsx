/** A bar a day, the tallest as high as there is room. The words beside it say the same. */
export function Bars({ values, names, label }: { values: readonly number[]; names: readonly string[]; label: string }) {
  const most = Math.max(1, ...values)
  const width = 1000 / Math.max(1, values.length)
  return (
    <svg className="chart" viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(3, (156 * value) / most)
        return (
          <rect key={names[at]} className="chart-bar" x={at * width + width * 0.12} y={160 - height} width={width * 0.76} height={height}>
            <title>{names[at]}</title>
          </rect>
        )
      })}
    </svg>
  )
}

/** Shares along the film, from its beginning to its end. */
export function Curve({ shares, label }: { shares: readonly number[]; label: string }) {
  const points = shares.map((share, at) => `${(1000 * (at + 0.5)) / shares.length},${160 - 150 * Math.min(1, share)}`)
  return (
    <svg className="chart" viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon className="chart-ground" points={`0,160 ${points.join(' ')} 1000,160`} />
      <polyline className="chart-line" points={points.join(' ')} />
    </svg>
  )
}
