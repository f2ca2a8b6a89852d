import { Problem } from '#server/lib/problem.ts'

export const notFound = (cause?: unknown) => new Problem('not_found', 'blobs.not_found', { cause })
export const full = (cause?: unknown) => new Problem('full', 'blobs.full', { cause })
export const otherSize = (expected: number, actual: number) => new Problem('invalid', 'blobs.other_size', { params: { expected, actual } })
export const otherContent = () => new Problem('invalid', 'blobs.other_content')
export const cutShort = (name: string) => new Error(`The blob ${name} ended before its size was reached.`)

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
export const unreachable = (cause: unknown) => new Problem('unavailable', 'blobs.unreachable', { cause })
