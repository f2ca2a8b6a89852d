import type { FieldProblem } from '#server/lib/problem.ts'
import { Problem } from '#server/lib/problem.ts'
import { isCommonPassword } from './passwords/common.ts'
import { usernameKey } from './username.ts'

const shortest = 8

/** What is wrong with a password that somebody chooses. */
export function passwordFaults(password: string, options: { path: string; username: string }): FieldProblem[] {
  const { path, username } = options
  if ([...password.normalize('NFKC')].length < shortest) return [{ path, code: 'password.short', params: { min: shortest } }]
  if (usernameKey(password).replaceAll(/[^\p{L}\p{N}]/gu, '') === usernameKey(username).replaceAll(/[^\p{L}\p{N}]/gu, ''))
    return [{ path, code: 'password.is_name' }]
  return isCommonPassword(password) ? [{ path, code: 'password.common' }] : []
}

export function checkNewPassword(password: string, options: { path: string; username: string }): void {
  const fields = passwordFaults(password, options)
  if (fields.length > 0) throw new Problem('invalid', 'http.wrong_fields', { fields })
}
