import type { Role, Viewer } from '../viewer.ts'

/** May this viewer? Pure: everything it needs is in the two. */
export type Rule<T> = (viewer: Viewer, thing: T) => boolean

/** The rules of one area, by action: `comment.delete`. */
// oxlint-disable-next-line typescript/no-explicit-any -- rules about all kinds of things stand in one table
export type PolicyTable = { readonly [action: string]: Rule<any> }

const ranks: Record<Role, number> = { owner: 3, admin: 2, moderator: 1, member: 0 }

/** At least this role. */
export function hasRole(viewer: Viewer, role: Role): boolean {
  return viewer.kind === 'person' && ranks[viewer.role] >= ranks[role]
}

/** Stands strictly above: what an admin may do to a member they may not do to another admin. */
export function outranks(role: Role, other: Role): boolean {
  return ranks[role] > ranks[other]
}

export function isPerson(viewer: Viewer, accountId: string): boolean {
  return viewer.kind === 'person' && typeof accountId === 'string' && accountId !== '' && viewer.accountId === accountId
}
