export interface AccountTables {
  account: AccountTable
  account_name: AccountNameTable
  session: SessionTable
  session_doubt: SessionDoubtTable
  session_epoch: SessionEpochTable
  second_factor: SecondFactorTable
  recovery_code: RecoveryCodeTable
  account_link: AccountLinkTable
  invitation: InvitationTable
  setting: SettingTable
  audit_entry: AuditEntryTable
}

/** Who people are. A closed account keeps its row, empty of everything personal, so that what points at it still stands. */
interface AccountTable {
  id: string
  /** As its person writes it, NFKC. Of a closed one: empty. */
  name: string
  /** By which it is found, see features/accounts/username.ts. Of a closed one: its id. */
  name_key: string
  display_name: string
  /** Folded, for finding. */
  display_key: string
  bio: string
  role: 'owner' | 'admin' | 'moderator' | 'member'
  state: 'active' | 'waiting' | 'suspended' | 'closed'
  /** PHC string. Empty: nobody can log in by password. */
  password: string
  email: string | null
  language: string | null
  time_zone: string | null
  audience: 'everyone' | 'members' | 'nobody'
  /** 16 hexadecimal digits of the picture's SHA-256. */
  avatar: string | null
  /** What was said at signing up, for whoever approves. */
  note: string
  invitation_id: string | null
  suspended_reason: string
  /** Null while suspended: until lifted. */
  /** Their names, as JSON; null: it is not known from where somebody came in. */
  devices: string | null
  suspended_until_ms: number | null
  created_ms: number
  seen_ms: number
}

/** Names, present and past. A past one leads to its account, and is taken by nobody else, until it is free again. */
interface AccountNameTable {
  name_key: string
  /** Null: of a closed account. */
  account_id: string | null
  /** Null: the present name. */
  free_ms: number | null
}

/** Who is here now. Tokens are kept as their SHA-256 (base64url): nobody can log in with what stands here. */
interface SessionTable {
  id: string
  account_id: string
  token_hash: string
  /** Made by rotation, not shown yet by its holder. */
  next_hash: string | null
  /** The one before: shown again after `past_until_ms`, it was stolen. */
  past_hash: string | null
  past_until_ms: number | null
  browser: string
  system: string
  address: string
  created_ms: number
  rotated_ms: number
  used_ms: number
  /** Slides with use. */
  expires_ms: number
  /** Does not slide. */
  ends_ms: number
}

/** What processes must forget about sessions, in the order of commits. Rows are kept for a day. */
interface SessionDoubtTable {
  seq: number
  account_id: string
  /** Null: all of the account. */
  session_id: string | null
  /** All but this one. */
  kept_id: string | null
  ended: 0 | 1
  made_ms: number
}

/** One row: the newest `seq`. Raised first in each transaction that doubts, so that no lower one can appear later. */
interface SessionEpochTable {
  id: number
  seq: number
}

interface SecondFactorTable {
  account_id: string
  /** Sealed. */
  secret: string
  /** Null: not confirmed yet. */
  since_ms: number | null
  /** The time step of the code that was taken last: no code is taken twice. */
  last_step: number
}

interface RecoveryCodeTable {
  account_id: string
  code_hash: string
}

/** Links that work once: new passwords, confirmed addresses. */
interface AccountLinkTable {
  id: string
  account_id: string
  purpose: 'reset' | 'email'
  token_hash: string
  /** The address to be confirmed. */
  email: string | null
  expires_ms: number
}

interface InvitationTable {
  id: string
  code: string
  note: string
  uses: number
  max_uses: number | null
  expires_ms: number | null
  withdrawn_ms: number | null
  created_by: string | null
  created_ms: number
}

/** What admins changed. Where there is no row the configuration holds. */
interface SettingTable {
  name: string
  value: string
  changed_ms: number
  changed_by: string | null
}

/** What admins did. Only added to. Names are kept as they were. */
interface AuditEntryTable {
  id: string
  made_ms: number
  /** Null: the command line. */
  actor_id: string | null
  actor_name: string
  action: string
  subject_kind: string
  subject_id: string
  subject_name: string
  details: string
  address: string
}
