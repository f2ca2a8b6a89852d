import type { Picture } from './picture.ts'

const steps = 64

/** How much there is to see: nothing in black, white or mist, most where light and edges are spread. */
export function worthOf({ rgb, width, height }: Picture): number {
  const counts = new Uint32Array(steps)
  let [seen, sum, edges] = [0, 0, 0]
  for (let y = 0; y < height; y += 2) {
    let before = -1
    for (let x = 0; x < width; x += 2) {
      const at = (y * width + x) * 3
      const light = (rgb[at] ?? 0) * 0.2126 + (rgb[at + 1] ?? 0) * 0.7152 + (rgb[at + 2] ?? 0) * 0.0722
      const step = Math.min(steps - 1, Math.floor(light / 4))
      counts[step] = (counts[step] ?? 0) + 1
      if (before >= 0) edges += Math.abs(light - before)
      before = light
      sum += light
      seen++
    }
  }
  const mean = sum / seen
  let entropy = 0
  for (const count of counts) if (count > 0) entropy -= (count / seen) * Math.log2(count / seen)
  const dim = Math.min(1, Math.max(0, (mean - 12) / 40), Math.max(0, (250 - mean) / 40))
  return dim * (0.2 + entropy + Math.min(2, edges / seen / 4))
}
