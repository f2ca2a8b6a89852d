import { Problem } from '#server/lib/problem.ts'

export const wrongField = (path: string, code: string, params: Record<string, string | number> = {}) =>
  new Problem('invalid', 'http.wrong_fields', { fields: [{ path, code, params }] })

export const noSuchUser = () => new Problem('not_found', 'user.not_found')
export const nameTaken = () => new Problem('conflict', 'user.name_taken', { fields: [{ path: 'username', code: 'user.name_taken' }] })
export const profileClosed = () => new Problem('forbidden', 'user.profile_closed')
export const signUpClosed = () => new Problem('forbidden', 'user.sign_up_closed')
export const invitationNeeded = () =>
  new Problem('forbidden', 'user.invitation_needed', { fields: [{ path: 'invitation', code: 'user.invitation_needed' }] })
export const invitationInvalid = () =>
  new Problem('forbidden', 'user.invitation_invalid', { fields: [{ path: 'invitation', code: 'user.invitation_invalid' }] })
export const ownerCodeWrong = () =>
  new Problem('forbidden', 'user.owner_code_wrong', { fields: [{ path: 'ownerCode', code: 'user.owner_code_wrong' }] })
export const waiting = () => new Problem('forbidden', 'user.waiting')
export const passwordNeeded = () => wrongField('password', 'user.password_needed')
export const passwordWrong = () =>
  new Problem('forbidden', 'user.password_wrong', { fields: [{ path: 'password', code: 'user.password_wrong' }] })
export const renamedTooOften = (retryAfterMs: number) => new Problem('limited', 'user.renamed_too_often', { retryAfterMs })

/** The same for a wrong name and a wrong password. */
export const wrongLogIn = () => new Problem('unauthenticated', 'session.wrong')
export const codeNeeded = () => new Problem('unauthenticated', 'session.code_needed')
export const codeWrong = () => new Problem('unauthenticated', 'session.code_wrong')
export const tooManyFailures = (retryAfterMs: number) => new Problem('limited', 'session.too_many', { retryAfterMs })
export const linkInvalid = () => new Problem('invalid', 'link.invalid')

export function suspended(reason: string, untilMs: number | null): Problem {
  if (untilMs === null) return new Problem('forbidden', 'user.suspended', { params: { reason } })
  return new Problem('forbidden', 'user.suspended_until', { params: { reason, until: new Date(untilMs).toISOString().slice(0, 10) } })
}
export const invitationNotFound = () => new Problem('not_found', 'user.invitation_invalid')
