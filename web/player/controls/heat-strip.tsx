/** Where people had most to say, as hills over the bar. */
export function HeatStrip({ heat }: { heat: readonly number[] }) {
  const most = Math.max(1, ...heat)
  const points = heat.map((value, at) => `${((at / (heat.length - 1)) * 1000).toFixed(1)},${(40 - (value / most) * 36).toFixed(1)}`)
  return (
    <svg className="seek-heat" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
      <path d={`M0,40 L${points.join(' L')} L1000,40 Z`} />
    </svg>
  )
}
