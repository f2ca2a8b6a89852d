import { flag, id, int, json, longText, ms, text } from '../schema/column.ts'
import { createTable, run } from '../schema/step.ts'
import type { Migration } from './migration.ts'

const hash = () => text(43).about('SHA-256, base64url')

export const migration: Migration = {
  name: '0001-accounts',
  steps: [
    createTable(
      'account',
      {
        id: id(),
        name: text(40).about('as its person writes it; of a closed account empty'),
        name_key: text(100).about('by which it is found; of a closed account its id'),
        display_name: text(60),
        display_key: text(120).about('the display name, folded, for finding'),
        bio: longText(),
        role: text(10),
        state: text(10),
        password: text(200).about('PHC string; empty: no way in by password'),
        email: text(254).null(),
        language: text(10).null(),
        time_zone: text(64).null(),
        audience: text(10).about('who may see the profile'),
        avatar: text(16).null().about('hexadecimal digits of the picture’s SHA-256'),
        note: text(500).about('said at signing up, for whoever approves'),
        invitation_id: id().null(),
        suspended_reason: text(500),
        suspended_until_ms: ms().null(),
        created_ms: ms(),
        seen_ms: ms(),
      },
      {
        primaryKey: ['id'],
        indexes: [['name_key'], ['display_key'], ['email'], ['state', 'id'], ['role', 'id'], ['seen_ms'], ['created_ms']],
        about: 'Who people are. A closed account keeps its row, empty of everything personal, so that what points at it still stands.',
      },
    ),
    createTable(
      'account_name',
      {
        name_key: text(100),
        account_id: id().null().references('account.id', 'cascade').about('null: of a closed account'),
        free_ms: ms().null().about('when others may take it; null: the present name'),
      },
      {
        primaryKey: ['name_key'],
        indexes: [['account_id'], ['free_ms']],
        about: 'Names, present and past. A past one leads to its account, and nobody else takes it, until it is free.',
      },
    ),
    createTable(
      'session',
      {
        id: id(),
        account_id: id().references('account.id', 'cascade'),
        token_hash: hash(),
        next_hash: hash().null().about('of the token that rotation made, until it is shown'),
        past_hash: hash().null().about('of the token before'),
        past_until_ms: ms().null().about('shown after this, the token before was stolen'),
        browser: text(40),
        system: text(40),
        address: text(45),
        created_ms: ms(),
        rotated_ms: ms(),
        used_ms: ms(),
        expires_ms: ms().about('slides with use'),
        ends_ms: ms().about('does not slide'),
      },
      {
        primaryKey: ['id'],
        indexes: [['account_id', 'used_ms'], ['expires_ms'], ['used_ms']],
        about: 'Who is here now. Nobody can log in with what stands here.',
      },
    ),
    createTable(
      'session_epoch',
      { id: int().about('always 1'), seq: int() },
      {
        primaryKey: ['id'],
        about: 'The newest number of session_doubt, raised first in each transaction that adds to it: no lower one appears later.',
      },
    ),
    createTable(
      'session_doubt',
      {
        seq: int(),
        account_id: id(),
        session_id: id().null().about('null: all of the account'),
        kept_id: id().null().about('all but this one'),
        ended: flag(),
        made_ms: ms(),
      },
      {
        primaryKey: ['seq'],
        indexes: [['made_ms']],
        about: 'What processes must forget about sessions, in the order of commits. Kept for a day.',
      },
    ),
    run('The epoch begins', async (on) => {
      const [row] = await on.all('select id from session_epoch where id = 1')
      if (!row) await on.run('insert into session_epoch (id, seq) values (1, 0)')
      return undefined
    }),
    createTable(
      'second_factor',
      {
        account_id: id().references('account.id', 'cascade'),
        secret: text(400).about('sealed'),
        since_ms: ms().null().about('null: not confirmed yet'),
        last_step: int().about('the time step of the code taken last: none is taken twice'),
      },
      { primaryKey: ['account_id'] },
    ),
    createTable(
      'recovery_code',
      { account_id: id().references('account.id', 'cascade'), code_hash: hash() },
      { primaryKey: ['account_id', 'code_hash'], about: 'Codes that stand in for a lost second factor. A used one is gone.' },
    ),
    createTable(
      'account_link',
      {
        id: id(),
        account_id: id().references('account.id', 'cascade'),
        purpose: text(10),
        token_hash: hash(),
        email: text(254).null().about('the address to be confirmed'),
        expires_ms: ms(),
      },
      {
        primaryKey: ['id'],
        unique: [['token_hash']],
        indexes: [['account_id', 'purpose'], ['expires_ms']],
        about: 'Links that work once. A used one is gone.',
      },
    ),
    createTable(
      'invitation',
      {
        id: id(),
        code: text(32),
        note: text(200),
        uses: int(),
        max_uses: int().null(),
        expires_ms: ms().null(),
        withdrawn_ms: ms().null(),
        created_by: id().null(),
        created_ms: ms(),
      },
      { primaryKey: ['id'], unique: [['code']] },
    ),
    createTable(
      'setting',
      { name: text(60), value: json(), changed_ms: ms(), changed_by: id().null() },
      { primaryKey: ['name'], about: 'What admins changed. Where there is no row the configuration holds.' },
    ),
    createTable(
      'audit_entry',
      {
        id: id(),
        made_ms: ms(),
        actor_id: id().null().about('null: the command line'),
        actor_name: text(40),
        action: text(60),
        subject_kind: text(20),
        subject_id: text(64),
        subject_name: text(120),
        details: json(),
        address: text(45),
      },
      {
        primaryKey: ['id'],
        indexes: [
          ['action', 'id'],
          ['subject_id', 'id'],
        ],
        about: 'What admins did, with the names of that day. Only added to.',
      },
    ),
  ],
}
