import type { Chance } from '#server/lib/seed.ts'

/** A face of a person who is not there: a lit window, a moon or a lamp, each in colours of its own. As PNG, the way a person would send it. */
export async function drawFace(chance: Chance): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const hue = chance.whole(0, 359)
  const paint = chance.pick([moon, hills, lamp, reels])
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 100 100">
    <defs><linearGradient id="g" x1="0" y1="0" x2="0.6" y2="1"><stop offset="0" stop-color="${tone(hue, 45, 28)}"/><stop offset="1" stop-color="${tone(hue + 40, 50, 14)}"/></linearGradient></defs>
    <rect width="100" height="100" fill="url(#g)"/>${paint(chance, hue)}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

const tone = (hue: number, saturation: number, light: number) => `hsl(${hue % 360},${saturation}%,${light}%)`
const warm = (chance: Chance) => tone(chance.whole(32, 48), 90, 66)

function moon(chance: Chance): string {
  const [x, y, r] = [chance.whole(30, 70), chance.whole(28, 48), chance.whole(14, 24)]
  const stars = Array.from(
    { length: 9 },
    () => `<circle cx="${chance.whole(4, 96)}" cy="${chance.whole(4, 60)}" r="0.8" fill="#fff" opacity="0.7"/>`,
  )
  return `${stars.join('')}<circle cx="${x}" cy="${y}" r="${r}" fill="${warm(chance)}"/><path d="M0 84 Q25 ${chance.whole(64, 76)} 50 80 T100 74 V100 H0Z" fill="#000" opacity="0.45"/>`
}

function hills(chance: Chance, hue: number): string {
  const row = (base: number, light: number) =>
    `<path d="M0 ${base} Q${chance.whole(15, 35)} ${base - chance.whole(8, 22)} 50 ${base} T100 ${base - chance.whole(2, 10)} V100 H0Z" fill="${tone(hue + 20, 40, light)}"/>`
  return `<circle cx="${chance.whole(25, 75)}" cy="34" r="13" fill="${warm(chance)}"/>${row(60, 32)}${row(74, 22)}${row(88, 12)}`
}

function lamp(chance: Chance): string {
  const light = warm(chance)
  return `<path d="M50 22 L${chance.whole(8, 22)} 100 H${chance.whole(78, 92)}Z" fill="${light}" opacity="0.28"/><circle cx="50" cy="24" r="9" fill="${light}"/><rect x="46" y="0" width="8" height="16" fill="#000" opacity="0.5"/>`
}

function reels(chance: Chance): string {
  const reel = (x: number, y: number, r: number) =>
    `<circle cx="${x}" cy="${y}" r="${r}" fill="#000" opacity="0.45"/>${[0, 1, 2, 3, 4].map((i) => `<circle cx="${x + Math.cos((i * Math.PI * 2) / 5) * r * 0.58}" cy="${y + Math.sin((i * Math.PI * 2) / 5) * r * 0.58}" r="${r * 0.22}" fill="${light}"/>`).join('')}`
  const light = warm(chance)
  return reel(36, 40, chance.whole(18, 26)) + reel(68, 66, chance.whole(12, 20))
}
