import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { Plugin } from 'vite'

/** The sign of the house in the sizes that systems ask for, all drawn from one file. */
export function icons(): Plugin {
  return {
    name: 'icons',
    apply: 'build',
    async buildStart() {
      const file = fileURLToPath(new URL('./icon.svg', import.meta.url))
      this.addWatchFile(file)
      const svg = await readFile(file, 'utf8')
      const emit = (name: string, source: string | Uint8Array) => this.emitFile({ type: 'asset', fileName: `icons/${name}`, source })
      emit('icon.svg', svg)
      // Systems cut maskable icons to shapes of their own: to the very edge, with the sign well inside.
      const whole = svg.replace('rx="112"', 'rx="0"')
      const maskable = whole.replace('<g id="sign"', '<g id="sign" transform="translate(51.2 51.2) scale(0.8)"')
      const sizes = [
        ['180.png', whole, 180],
        ['192.png', svg, 192],
        ['512.png', svg, 512],
        ['maskable.png', maskable, 512],
      ] as const
      for (const [name, drawing, px] of sizes)
        emit(name, await sharp(Buffer.from(drawing), { density: 96 }).resize(px, px).png({ compressionLevel: 9, palette: true }).toBuffer())
    },
  }
}
