import { type Static, Type } from 'typebox'
import { Id, LanguageTag, Moment, NewPassword, NewUsername, nullable, Password, TimeZone, Username } from './common.ts'

export const roles = ['owner', 'admin', 'moderator', 'member'] as const
export const RoleName = Type.Enum([...roles])

/** Pictures in three sizes (64, 192 and 512 px, WebP, square). Their addresses change with the picture, so they may be kept for ever. */
export const Avatar = Type.Object({ small: Type.String(), medium: Type.String(), large: Type.String() })
export type Avatar = Static<typeof Avatar>

/** A person as named beside what they made. */
export const PersonCard = Type.Object({ id: Id, username: Type.String(), displayName: Type.String(), avatar: nullable(Avatar) })
export type PersonCard = Static<typeof PersonCard>

const profileAudiences = ['everyone', 'members', 'nobody'] as const

/** What everybody sees whom the profile is open to. */
export const PublicProfile = Type.Object({
  ...PersonCard.properties,
  bio: Type.String(),
  role: RoleName,
  createdAt: Moment,
})
export type PublicProfile = Static<typeof PublicProfile>

/** What the person themselves sees. */
export const OwnProfile = Type.Object({
  ...PublicProfile.properties,
  /** Null: as the browser asks. */
  language: nullable(LanguageTag),
  timeZone: nullable(TimeZone),
  /** Who may see the profile. */
  audience: Type.Enum([...profileAudiences]),
  email: nullable(Type.String()),
  /** An address that still has to be confirmed by the letter sent there. */
  unconfirmedEmail: nullable(Type.String()),
  hasSecondFactor: Type.Boolean(),
  /** The house asks this person to set up a second factor before going on. */
  mustSetUpSecondFactor: Type.Boolean(),
})
export type OwnProfile = Static<typeof OwnProfile>

export const Profile = Type.Object({
  ...PublicProfile.properties,
  ...Type.Partial(
    Type.Object({
      language: OwnProfile.properties.language,
      timeZone: OwnProfile.properties.timeZone,
      audience: OwnProfile.properties.audience,
      email: OwnProfile.properties.email,
      unconfirmedEmail: OwnProfile.properties.unconfirmedEmail,
      hasSecondFactor: OwnProfile.properties.hasSecondFactor,
      mustSetUpSecondFactor: OwnProfile.properties.mustSetUpSecondFactor,
    }),
  ).properties,
})
export type Profile = Static<typeof Profile>

export const UsernameParams = Type.Object({ username: Username })

export const RegisterBody = Type.Object({
  username: NewUsername,
  password: NewPassword,
  displayName: Type.Optional(Type.String({ maxLength: 60 })),
  /** Where sign-up is by invitation. */
  invitation: Type.Optional(Type.String({ maxLength: 64 })),
  /** The code printed at the first start: makes the owner. */
  ownerCode: Type.Optional(Type.String({ maxLength: 64 })),
  /** Where sign-up is by approval: a word to whoever decides. */
  note: Type.Optional(Type.String({ maxLength: 500 })),
  language: Type.Optional(LanguageTag),
  timeZone: Type.Optional(TimeZone),
})
export type RegisterBody = Static<typeof RegisterBody>

/** A session. `token` is for clients that send `Authorization: Bearer …`; a browser gets the same as a cookie. */
export const SessionAnswer = Type.Object({ token: Type.String(), expiresAt: Moment, user: OwnProfile })
export type SessionAnswer = Static<typeof SessionAnswer>

/** Where sign-up is by approval there is no session yet: `token` and `expiresAt` are null. */
export const RegisterAnswer = Type.Object({ token: nullable(Type.String()), expiresAt: nullable(Moment), user: OwnProfile })
export type RegisterAnswer = Static<typeof RegisterAnswer>

export const CloseBody = Type.Object({ password: Type.Optional(Password) })
export type CloseBody = Static<typeof CloseBody>

/** What goes when the account is closed: kinds of things (`videos`, `comments`, …) with their number. */
export const ClosingAnswer = Type.Object({
  goes: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer() })),
  /** When others may take the name. */
  nameFreeAt: Moment,
})
export type ClosingAnswer = Static<typeof ClosingAnswer>

export const MeAnswer = Type.Object({ user: nullable(OwnProfile) })
export type MeAnswer = Static<typeof MeAnswer>

export const ChangeProfileBody = Type.Object({
  displayName: Type.Optional(Type.String({ maxLength: 60 })),
  bio: Type.Optional(Type.String({ maxLength: 1000 })),
  language: Type.Optional(nullable(LanguageTag)),
  timeZone: Type.Optional(nullable(TimeZone)),
  audience: Type.Optional(Type.Enum([...profileAudiences])),
})
export type ChangeProfileBody = Static<typeof ChangeProfileBody>

export const ChangeUsernameBody = Type.Object({ username: Username })
export type ChangeUsernameBody = Static<typeof ChangeUsernameBody>

/** Ends every session; the answer is a new one. */
export const ChangePasswordBody = Type.Object({ password: Password, newPassword: NewPassword })
export type ChangePasswordBody = Static<typeof ChangePasswordBody>

export const ChangeEmailBody = Type.Object({ email: nullable(Type.String({ maxLength: 254 })), password: Password })
export type ChangeEmailBody = Static<typeof ChangeEmailBody>

export const ConfirmEmailBody = Type.Object({ token: Type.String({ maxLength: 128 }) })
export type ConfirmEmailBody = Static<typeof ConfirmEmailBody>

/** A name or an address of mail. The answer is the same whether it is known or not. */
export const AskResetBody = Type.Object({ who: Type.String({ minLength: 1, maxLength: 254 }) })
export type AskResetBody = Static<typeof AskResetBody>

export const ResetPasswordBody = Type.Object({ token: Type.String({ maxLength: 128 }), newPassword: NewPassword })
export type ResetPasswordBody = Static<typeof ResetPasswordBody>
export const ResetPasswordAnswer = Type.Object({ username: Type.String() })
export type ResetPasswordAnswer = Static<typeof ResetPasswordAnswer>

/** The square to keep, in pixels of the picture as it is seen; without it, the middle. The body is the picture itself. */
export const AvatarQuery = Type.Object({
  left: Type.Optional(Type.Integer({ minimum: 0, maximum: 20_000 })),
  top: Type.Optional(Type.Integer({ minimum: 0, maximum: 20_000 })),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 })),
})
export type AvatarQuery = Static<typeof AvatarQuery>
export const AvatarAnswer = Type.Object({ avatar: Avatar })
export const AvatarParams = Type.Object({ file: Type.String({ pattern: '^[0-9a-z]{20}-[0-9a-f]{16}-(64|192|512)[.]webp$' }) })
export const AvatarSizeQuery = Type.Object({ size: Type.Optional(Type.Enum(['small', 'medium', 'large'])) })

export const SecondFactorAnswer = Type.Object({ isOn: Type.Boolean(), recoveryCodesLeft: Type.Integer(), since: nullable(Moment) })
export type SecondFactorAnswer = Static<typeof SecondFactorAnswer>

export const BeginSecondFactorBody = Type.Object({ password: Password })
/** To be shown once; in force after `code` has been confirmed. */
export const BeginSecondFactorAnswer = Type.Object({ secret: Type.String(), address: Type.String(), qrSvg: Type.String() })
export type BeginSecondFactorAnswer = Static<typeof BeginSecondFactorAnswer>

export const ConfirmSecondFactorBody = Type.Object({ code: Type.String({ maxLength: 16 }) })
/** Each works once. Shown this one time. */
export const RecoveryCodesAnswer = Type.Object({ recoveryCodes: Type.Array(Type.String()) })
export type RecoveryCodesAnswer = Static<typeof RecoveryCodesAnswer>
export const EndSecondFactorBody = Type.Object({ password: Password })

export const InvitationParams = Type.Object({ code: Type.String({ minLength: 1, maxLength: 64 }) })
/** An invitation as its bearer sees it; 404 when it does not hold. */
export const InvitationCheck = Type.Object({ expiresAt: nullable(Moment), invitedBy: nullable(PersonCard) })
export type InvitationCheck = Static<typeof InvitationCheck>
