/** An exact rate, as a fraction. */
export type Rate = { num: number; den: number }

const standardRates: readonly Rate[] = [
  { num: 24_000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30_000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60_000, den: 1001 },
  { num: 60, den: 1 },
]

export const perSecond = (rate: Rate): number => rate.num / rate.den
export const rateText = (rate: Rate): string => (rate.den === 1 ? String(rate.num) : `${rate.num}/${rate.den}`)

export function parseRate(text: string | undefined): Rate | undefined {
  const match = /^(\d+)(?:\/(\d+))?$/.exec(text ?? '')
  const num = Number(match?.[1])
  const den = Number(match?.[2] ?? 1)
  return match && num > 0 && den > 0 && Number.isSafeInteger(num) && Number.isSafeInteger(den) ? { num, den } : undefined
}

const near = (a: number, b: number) => Math.abs(a - b) / b < 0.0005

/**
 * The constant rate that a film is shown at. Sources lie about theirs: the declared rate is believed where it is a usual one, or a slow
 * one that the measured average confirms; otherwise the next usual rate that loses no picture. Never above 60.
 */
export function gridRate(declared: Rate | undefined, average: Rate | undefined): Rate {
  const said = declared && perSecond(declared)
  if (said !== undefined) {
    const usual = standardRates.find((rate) => near(perSecond(rate), said))
    if (usual) return usual
  }
  const mean = average ? perSecond(average) : said
  if (declared && said !== undefined && said < 24 && mean !== undefined && near(mean, said)) return slowRate(declared)
  if (mean === undefined) return { num: 25, den: 1 }
  return standardRates.find((rate) => perSecond(rate) >= mean * 0.9995) ?? { num: 60, den: 1 }
}

/** Slide shows and time lapses: kept as they are where the fraction is small, at least one picture a second. */
function slowRate(rate: Rate): Rate {
  if (perSecond(rate) < 1) return { num: 1, den: 1 }
  return rate.den <= 1001 ? rate : { num: Math.round(perSecond(rate)), den: 1 }
}

/** Seconds as a decimal that loses nothing that FFmpeg could read. */
export const seconds = (value: number): string => value.toFixed(6).replace(/\.?0+$/, '')
