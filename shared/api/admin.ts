import { type Static, Type } from 'typebox'
import { OwnProfile, PersonCard, RoleName } from './accounts.ts'
import { Id, Moment, nullable, PageQuery, page } from './common.ts'

const signUpModes = ['open', 'invitation', 'approval', 'closed'] as const
const SignUpMode = Type.Enum([...signUpModes])
const secondFactorDemands = ['nobody', 'admins', 'everybody'] as const

/** What pages need to know before anybody has signed in. */
export const SiteAnswer = Type.Object({
  name: Type.String(),
  signUp: SignUpMode,
  /** Forgotten passwords can be mended by mail. */
  canSendMail: Type.Boolean(),
  /** Nobody owns this cinema yet. */
  isNew: Type.Boolean(),
  /** Where the source of the running version is to be had. */
  sourceUrl: nullable(Type.String()),
  /** What converts films. Without it those play that browsers play as they are; the others wait. */
  ffmpeg: Type.Enum(['here', 'installing', 'missing']),
})
export type SiteAnswer = Static<typeof SiteAnswer>

const personStates = ['active', 'waiting', 'suspended'] as const

export const AdminPerson = Type.Object({
  ...PersonCard.properties,
  role: RoleName,
  state: Type.Enum([...personStates]),
  email: nullable(Type.String()),
  hasSecondFactor: OwnProfile.properties.hasSecondFactor,
  createdAt: Moment,
  lastSeenAt: nullable(Moment),
  /** Said when signing up, where that is by approval. */
  note: Type.String(),
  suspension: nullable(Type.Object({ reason: Type.String(), until: nullable(Moment) })),
  invitedBy: nullable(PersonCard),
  sessions: Type.Integer(),
  /** What the asking admin may do with this person. */
  may: Type.Array(Type.String()),
})
export type AdminPerson = Static<typeof AdminPerson>
export const AdminPeopleQuery = Type.Object({
  ...PageQuery.properties,
  /** Part of a name. */
  q: Type.Optional(Type.String({ maxLength: 64 })),
  role: Type.Optional(RoleName),
  state: Type.Optional(Type.Enum([...personStates])),
})
export type AdminPeopleQuery = Static<typeof AdminPeopleQuery>
export const AdminPeopleAnswer = page(AdminPerson)
export type AdminPeopleAnswer = Static<typeof AdminPeopleAnswer>

export const ChangeRoleBody = Type.Object({ role: RoleName })
export const SuspendBody = Type.Object({
  reason: Type.String({ minLength: 1, maxLength: 500 }),
  /** Without it: until lifted. */
  until: Type.Optional(Moment),
})
export type SuspendBody = Static<typeof SuspendBody>

/** A link that works once. Shown this one time. */
export const ResetLinkAnswer = Type.Object({ path: Type.String(), url: Type.String(), expiresAt: Moment })
export type ResetLinkAnswer = Static<typeof ResetLinkAnswer>

export const InvitationView = Type.Object({
  id: Id,
  /** The code itself is shown when it is made, and to admins after. */
  code: Type.String(),
  path: Type.String(),
  note: Type.String(),
  uses: Type.Integer(),
  /** Null: as often as one likes. */
  maxUses: nullable(Type.Integer()),
  expiresAt: nullable(Moment),
  createdAt: Moment,
  createdBy: nullable(PersonCard),
  state: Type.Enum(['open', 'used', 'expired', 'withdrawn']),
})
export type InvitationView = Static<typeof InvitationView>
export const InvitationsAnswer = page(InvitationView)
export type InvitationsAnswer = Static<typeof InvitationsAnswer>
export const NewInvitationBody = Type.Object({
  note: Type.Optional(Type.String({ maxLength: 200 })),
  maxUses: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
  expiresAt: Type.Optional(nullable(Moment)),
})
export type NewInvitationBody = Static<typeof NewInvitationBody>

/** What admins can change while the house is open. Where they have not, the configuration holds. */
export const Settings = Type.Object({
  siteName: Type.String({ minLength: 1, maxLength: 60 }),
  signUp: SignUpMode,
  requireSecondFactor: Type.Enum([...secondFactorDemands]),
  sessionLifeMs: Type.Integer({ minimum: 60_000, maximum: 400 * 86_400_000 }),
  failuresPerAccount: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  failuresPerAddress: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  failureWindowMs: Type.Integer({ minimum: 1000, maximum: 86_400_000 }),
  streams: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  streamsPerPerson: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  simpleUploadBytes: Type.Integer({ minimum: 1, maximum: 2 ** 40 }),
  requestsPerMinute: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
})
export type Settings = Static<typeof Settings>
export const SettingsAnswer = Type.Object({
  values: Settings,
  /** What the configuration says. */
  configured: Settings,
  /** The names that admins have changed. */
  changed: Type.Array(Type.String()),
})
export type SettingsAnswer = Static<typeof SettingsAnswer>
/** Only what is to change; null goes back to the configuration. */
export const ChangeSettingsBody = Type.Object({
  siteName: Type.Optional(nullable(Settings.properties.siteName)),
  signUp: Type.Optional(nullable(Settings.properties.signUp)),
  requireSecondFactor: Type.Optional(nullable(Settings.properties.requireSecondFactor)),
  sessionLifeMs: Type.Optional(nullable(Settings.properties.sessionLifeMs)),
  failuresPerAccount: Type.Optional(nullable(Settings.properties.failuresPerAccount)),
  failuresPerAddress: Type.Optional(nullable(Settings.properties.failuresPerAddress)),
  failureWindowMs: Type.Optional(nullable(Settings.properties.failureWindowMs)),
  streams: Type.Optional(nullable(Settings.properties.streams)),
  streamsPerPerson: Type.Optional(nullable(Settings.properties.streamsPerPerson)),
  simpleUploadBytes: Type.Optional(nullable(Settings.properties.simpleUploadBytes)),
  requestsPerMinute: Type.Optional(nullable(Settings.properties.requestsPerMinute)),
})
export type ChangeSettingsBody = Static<typeof ChangeSettingsBody>

export const taskStates = ['waiting', 'delayed', 'running', 'done', 'parked', 'cancelled'] as const
export const AdminTask = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  state: Type.Enum([...taskStates]),
  priority: Type.Integer(),
  attempt: Type.Integer(),
  maxAttempts: Type.Integer(),
  createdAt: Moment,
  notBefore: nullable(Moment),
  startedAt: nullable(Moment),
  endedAt: nullable(Moment),
  /** 0 to 1 where the task tells. */
  progress: nullable(Type.Number()),
  /** Why it failed last, or why it is parked. */
  reason: nullable(Type.String()),
})
export type AdminTask = Static<typeof AdminTask>
export const AdminTasksQuery = Type.Object({
  ...PageQuery.properties,
  kind: Type.Optional(Type.String({ maxLength: 100 })),
  state: Type.Optional(Type.Enum([...taskStates])),
})
export const AdminTasksAnswer = page(AdminTask)
export type AdminTasksAnswer = Static<typeof AdminTasksAnswer>
export const AdminTaskKind = Type.Object({
  kind: Type.String(),
  isPaused: Type.Boolean(),
  counts: Type.Object(
    Object.fromEntries(taskStates.map((state) => [state, Type.Integer()])) as Record<
      (typeof taskStates)[number],
      ReturnType<typeof Type.Integer>
    >,
  ),
})
export type AdminTaskKind = Static<typeof AdminTaskKind>
export const AdminTaskKindsAnswer = Type.Object({ items: Type.Array(AdminTaskKind) })
export type AdminTaskKindsAnswer = Static<typeof AdminTaskKindsAnswer>
export const TaskParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })
export const TaskKindParams = Type.Object({ kind: Type.String({ minLength: 1, maxLength: 100 }) })

/** Numbers for the first page of the admins. Later features add theirs. */
export const FiguresAnswer = Type.Object({
  people: Type.Object({
    total: Type.Integer(),
    waiting: Type.Integer(),
    suspended: Type.Integer(),
    joinedThisWeek: Type.Integer(),
    seenToday: Type.Integer(),
  }),
  sessions: Type.Integer(),
  invitationsOpen: Type.Integer(),
  tasks: Type.Object({ waiting: Type.Integer(), running: Type.Integer(), parked: Type.Integer() }),
  freeBytes: nullable(Type.Integer()),
})
export type FiguresAnswer = Static<typeof FiguresAnswer>

export const AuditEntry = Type.Object({
  id: Id,
  at: Moment,
  /** `person.suspend`, `settings.change`, … */
  action: Type.String(),
  /** Null: the command line. */
  actor: nullable(Type.Object({ id: Id, username: Type.String() })),
  subject: nullable(Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() })),
  details: Type.Record(Type.String(), Type.Unknown()),
  address: Type.String(),
})
export type AuditEntry = Static<typeof AuditEntry>
export const AuditQuery = Type.Object({
  ...PageQuery.properties,
  action: Type.Optional(Type.String({ maxLength: 60 })),
  subject: Type.Optional(Type.String({ maxLength: 64 })),
})
export const AuditAnswer = page(AuditEntry)
export type AuditAnswer = Static<typeof AuditAnswer>

/** Something that is done by the calendar. */
export const AdminChore = Type.Object({
  name: Type.String(),
  cron: Type.String(),
  timeZone: Type.String(),
  nextAt: nullable(Moment),
  isRunning: Type.Boolean(),
  last: nullable(
    Type.Object({
      slotAt: Moment,
      /** Null while it is under way. */
      result: nullable(Type.Enum(['done', 'failed', 'cancelled'])),
      endedAt: nullable(Moment),
      durationMs: nullable(Type.Integer()),
      reason: nullable(Type.String()),
    }),
  ),
})
export type AdminChore = Static<typeof AdminChore>
export const AdminChoresAnswer = Type.Object({ items: Type.Array(AdminChore) })
export type AdminChoresAnswer = Static<typeof AdminChoresAnswer>
export const ChoreParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) })
export const TaskPriorityBody = Type.Object({ priority: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 }) })
