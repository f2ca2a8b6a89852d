import { demand, may } from '#server/lib/may.ts'
import { foldText, toLine, toParagraphs } from '#server/lib/plain-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { ChangeProfileBody, OwnProfile, Profile, PublicProfile } from '#shared/api/accounts.ts'
import type { EmailService } from './email.ts'
import { nameTaken, noSuchUser, profileClosed, renamedTooOften, wrongField } from './errors.ts'
import type { AccountParts } from './parts.ts'
import type { AccountRow } from './store.ts'
import { isTimeZone } from './time-zones.ts'
import { parseUsername, usernameKey } from './username.ts'
import { toOwnProfile, toPublicProfile } from './view.ts'

/** So long a name that was given up leads to its account, or stays empty where that was closed. */
export const nameHeldMs = 30 * 86_400_000
const mostPastNames = 5

/** Who people are to others, and to themselves. */
export function createProfiles(parts: AccountParts, email: Pick<EmailService, 'pending'>) {
  const { store, sessions, settings, clock } = parts

  const own = async (account: AccountRow): Promise<OwnProfile> => {
    const { requireSecondFactor: demanded } = settings()
    const isStaff = account.role === 'owner' || account.role === 'admin'
    const mustSetUpSecondFactor = account.second_factor_ms === null && (demanded === 'everybody' || (demanded === 'admins' && isStaff))
    return toOwnProfile(account, { unconfirmedEmail: await email.pending(account.id), mustSetUpSecondFactor })
  }

  /** The viewer's own account, as it is now. */
  const ownRow = async (viewer: Viewer): Promise<{ account: AccountRow; viewer: Person }> => {
    if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
    demand(viewer, 'account.change', viewer)
    const account = await store.findById(viewer.accountId)
    if (!account || account.state === 'closed') throw new Problem('unauthenticated', 'session.invalid')
    return { account, viewer }
  }

  /** What everybody may know to be there. Who waits or is suspended is nobody, except to those who decide about them. */
  const find = async (viewer: Viewer, username: string): Promise<AccountRow> => {
    const account = await store.findByName(usernameKey(username), clock.now())
    if (!account || (account.state !== 'active' && !may(viewer, 'people.list') && !isOwn(viewer, account))) throw noSuchUser()
    return account
  }

  return {
    own,
    ownRow,

    async get(viewer: Viewer, username: string): Promise<Profile> {
      const account = await find(viewer, username)
      if (isOwn(viewer, account)) return own(account)
      if (may(viewer, 'profile.see', { accountId: account.id, audience: account.audience })) return toPublicProfile(account)
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      throw profileClosed()
    },

    /** By id, for those who build pages about them; undefined where there is nobody any more. */
    async findPublic(accountId: string): Promise<PublicProfile | undefined> {
      const account = await store.findById(accountId)
      return account && account.state !== 'closed' ? toPublicProfile(account) : undefined
    },

    find,

    async change(who: Viewer, body: ChangeProfileBody): Promise<OwnProfile> {
      const { account } = await ownRow(who)
      if (typeof body.timeZone === 'string' && !isTimeZone(body.timeZone)) throw wrongField('timeZone', 'profile.time_zone')
      const doubt = { accountId: account.id, sessionId: null, keptId: null, ended: false }
      const isInSessions = body.language !== undefined || body.timeZone !== undefined
      await store.change(account.id, toChanges(body, account.name), isInSessions ? sessions.doubtStatements(doubt) : [])
      if (isInSessions) await sessions.tell(doubt)
      return own((await ownRow(who)).account)
    },

    async rename(who: Viewer, username: string): Promise<OwnProfile> {
      const { account } = await ownRow(who)
      const to = parseUsername(username, { mayReserved: account.role === 'owner' })
      if (to.name === account.name) return own(account)
      const nowMs = clock.now()
      const isOther = to.key !== account.name_key
      if (isOther && (await store.countPastNames(account.id, nowMs)) >= mostPastNames) throw renamedTooOften(nameHeldMs / mostPastNames)
      const doubt = { accountId: account.id, sessionId: null, keptId: null, ended: false }
      const statements = sessions.doubtStatements(doubt)
      const isDone = await store.rename({ account, to, freeMs: nowMs + nameHeldMs, nowMs, statements })
      if (!isDone) throw nameTaken()
      await sessions.tell(doubt)
      return own((await ownRow(who)).account)
    },
  }
}
export type Profiles = ReturnType<typeof createProfiles>

const isOwn = (viewer: Viewer, { id }: AccountRow) => viewer.kind === 'person' && viewer.accountId === id

function toChanges({ displayName, bio, language, timeZone, audience }: ChangeProfileBody, name: string) {
  const shown = displayName === undefined ? undefined : toLine(displayName) || name
  return {
    ...(shown === undefined ? {} : { display_name: shown, display_key: foldText(shown).slice(0, 120) }),
    ...(bio === undefined ? {} : { bio: toParagraphs(bio) }),
    ...(language === undefined ? {} : { language }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(audience === undefined ? {} : { audience }),
  }
}
