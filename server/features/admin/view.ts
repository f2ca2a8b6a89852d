export const momentOf = (ms: number) => new Date(ms).toISOString()
export const momentOrNull = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : momentOf(ms))
