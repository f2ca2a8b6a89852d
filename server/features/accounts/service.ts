import type { Viewer } from '#server/lib/viewer.ts'
import type { AvatarQuery, InvitationCheck } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import { createAvatars } from './avatars.ts'
import { createPasswordChanges } from './change-password.ts'
import { createClosing } from './closing.ts'
import { createConfirm } from './confirm.ts'
import { createEmail } from './email.ts'
import { invitationNotFound } from './errors.ts'
import type { LinkStore } from './links-store.ts'
import { createLogIn } from './log-in.ts'
import { ownerCode } from './owner-code.ts'
import type { AccountParts, From } from './parts.ts'
import { createProfiles } from './profile.ts'
import { createRegister } from './register.ts'
import { createSecondFactor } from './second-factor.ts'
import { usernameKey } from './username.ts'
import { toMoment, toPersonCard } from './view.ts'

export type AccountService = ReturnType<typeof createAccountService>

export function createAccountService(parts: AccountParts & { links: LinkStore }) {
  const { store, sessions, settings, clock } = parts
  const confirm = createConfirm(parts)
  const secondFactor = createSecondFactor(parts)
  const email = createEmail(parts, confirm)
  const profiles = createProfiles(parts, email)
  const { ownerKnown, register, create } = createRegister(parts)
  const passwordChanges = createPasswordChanges(parts, confirm)
  const avatars = createAvatars(parts)
  const closing = createClosing(parts, confirm)
  const { ownRow } = profiles

  /** The password again, before the second factor is changed. */
  const confirmed = async (viewer: Viewer, password: string, signal: AbortSignal) => {
    const own = await ownRow(viewer)
    await confirm(own.account, { password, viewer: own.viewer, signal })
    return own.account
  }

  return {
    register,
    create,
    logIn: createLogIn(parts, secondFactor),
    profiles,
    email,
    passwordChanges,
    avatars,
    closing,
    ownProfileOf: async (accountId: string) => {
      const account = await store.findById(accountId)
      return account && profiles.own(account)
    },

    /** Who asks, and a new token for a browser whose own has grown old. */
    async me(viewer: Viewer) {
      if (viewer.kind === 'stranger') return { user: null, rotated: undefined }
      const { account } = await ownRow(viewer)
      const rotated = viewer.via === 'cookie' ? await sessions.rotate(viewer) : undefined
      return { user: await profiles.own(account), rotated }
    },

    changeUsername: (viewer: Viewer, username: string) => profiles.rename(viewer, username),

    async changePassword(body: { password: string; newPassword: string }, from: From) {
      const { account } = await ownRow(from.viewer)
      return passwordChanges.change(account, body, from)
    },

    async changeEmail(viewer: Viewer, body: { email: string | null; password: string }, signal: AbortSignal) {
      const own = await ownRow(viewer)
      await email.change(own.account, { ...body, viewer: own.viewer, signal })
    },

    /** The same work and the same answer for everybody: who it is about is looked up later, by a task. */
    async askReset(who: string) {
      await store.commit([store.owe('accounts.ask_reset', { who: who.trim() })])
    },

    async previewClosing(viewer: Viewer) {
      return closing.preview((await ownRow(viewer)).account)
    },

    async putAvatar(viewer: Viewer, request: Parameters<typeof avatars.take>[1], square: AvatarQuery, signal: AbortSignal) {
      const { account } = await ownRow(viewer)
      const avatar = await avatars.take(account, request, square, signal)
      return toPersonCard({ ...account, avatar }).avatar
    },

    async removeAvatar(viewer: Viewer) {
      await avatars.remove((await ownRow(viewer)).account)
    },

    async avatarOf(viewer: Viewer, username: string, size: 'small' | 'medium' | 'large') {
      return avatars.readOf(await profiles.find(viewer, username), size)
    },

    secondFactor: {
      describe: async (viewer: Viewer) => secondFactor.describe((await ownRow(viewer)).account),
      begin: async (viewer: Viewer, password: string, signal: AbortSignal) => secondFactor.begin(await confirmed(viewer, password, signal)),
      confirm: async (viewer: Viewer, code: string) => secondFactor.confirm((await ownRow(viewer)).account, code),
      renewCodes: async (viewer: Viewer, password: string, signal: AbortSignal) =>
        secondFactor.renewCodes(await confirmed(viewer, password, signal)),
      end: async (viewer: Viewer, password: string, signal: AbortSignal) =>
        secondFactor.end((await confirmed(viewer, password, signal)).id),
    },
    /** For an admin who has decided that it is lost. */
    endSecondFactorOf: secondFactor.end,
    /** What lies sealed in the rows, and the keys that it was sealed by. */
    resealOld: secondFactor.resealOld,

    async checkInvitation(code: string): Promise<InvitationCheck> {
      const found = await store.findInvitation(code.trim().toLowerCase())
      const nowMs = clock.now()
      const isOpen =
        found &&
        found.withdrawn_ms === null &&
        (found.expires_ms === null || found.expires_ms > nowMs) &&
        (found.max_uses === null || found.uses < found.max_uses)
      if (!isOpen) throw invitationNotFound()
      const by = found.created_by === null ? undefined : await store.findById(found.created_by)
      return {
        expiresAt: found.expires_ms === null ? null : toMoment(found.expires_ms),
        invitedBy: by && by.state !== 'closed' ? toPersonCard(by) : null,
      }
    },

    async site(): Promise<SiteAnswer> {
      const { siteName, signUp } = settings()
      return {
        name: siteName,
        signUp,
        canSendMail: email.canSend(),
        isNew: !(await ownerKnown()),
        sourceUrl: parts.sourceUrl() || null,
        ffmpeg: parts.ffmpeg(),
      }
    },

    /** What makes an owner, for the lines of the first start; undefined once there is one. */
    async ownerCode(): Promise<string | undefined> {
      return (await ownerKnown()) ? undefined : ownerCode(parts.signKey)
    },

    findIdByName: async (username: string) => (await store.findByName(usernameKey(username), clock.now(), { decide: true }))?.id,

    async sweep() {
      await store.sweep(clock.now())
    },
  }
}
