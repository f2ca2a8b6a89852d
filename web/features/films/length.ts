/** `1:02:03`, as long as it must be. */
export function toLength(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
