import { readFileSync } from 'node:fs'
import { ffmpeg } from '../../../server/testing/films.ts'

/** CPU of everything this process has started and that has ended, ms. */
export function childrenCpuMs(): number {
  const text = readFileSync('/proc/self/stat', 'utf8')
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return ((fields[13] ?? 0) + (fields[14] ?? 0)) * 10
}

export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = childrenCpuMs()
  await work()
  return childrenCpuMs() - before
}

/** SSIM of a file's pictures against the source, on the constant rate, at the file's own size. */
export async function ssimOf(path: string, source: string, size: { width: number; height: number }): Promise<number> {
  const compared = `[1:v]scale=${size.width}:${size.height}:flags=bicubic,format=yuv420p[r];[0:v]format=yuv420p[d];[d][r]ssim=stats_file=-`
  const text = (await ffmpeg(['-v', 'error', '-i', path, '-i', source, '-lavfi', compared, '-f', 'null', '-'])).toString()
  const values = [...text.matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
