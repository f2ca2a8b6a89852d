import type { ClosingAnswer, PersonCard, SecondFactorAnswer } from '#shared/api/accounts.ts'
import type { Page } from '#shared/api/common.ts'
import type { SessionsAnswer } from '#shared/api/sessions.ts'
import { reading } from '#web/lib/reading.ts'

export const sessions = reading<SessionsAnswer>('/sessions')
export const secondFactor = reading<SecondFactorAnswer>('/me/second-factor')

export const closing = reading<ClosingAnswer>('/me/closing')
/** Of whom one hears nothing. */
export const blocked = reading<Page<PersonCard>>('/blocked')
