import type { ClosingAnswer, SecondFactorAnswer } from '#shared/api/accounts.ts'
import type { SessionsAnswer } from '#shared/api/sessions.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const sessions = reading<SessionsAnswer>('/sessions')
export const secondFactor = reading<SecondFactorAnswer>('/me/second-factor')

export function closing(username: string): Reading<ClosingAnswer> {
  return reading(`/user/${encodeURIComponent(username)}/closing`)
}
