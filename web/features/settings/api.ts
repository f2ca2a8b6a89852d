import type { ClosingAnswer, SecondFactorAnswer } from '#shared/api/accounts.ts'
import type { SessionsAnswer } from '#shared/api/sessions.ts'
import { reading } from '#web/lib/reading.ts'

export const sessions = reading<SessionsAnswer>('/sessions')
export const secondFactor = reading<SecondFactorAnswer>('/me/second-factor')

export const closing = reading<ClosingAnswer>('/me/closing')
