import { type TSchema, Type } from 'typebox'
import { type Recurring, type TaskKind, taskKind } from '#server/jobs/task-kind.ts'
import type { AccountService } from './service.ts'

const strict = { additionalProperties: false }
const ofAccount = Type.Object({ accountId: Type.String() }, strict)

export function accountJobs(service: AccountService): { kinds: TaskKind[]; recurring: Recurring[] } {
  const chore = <P extends TSchema>(
    name: string,
    payload: P,
    run: (payload: Parameters<Parameters<typeof taskKind<P>>[0]['run']>[0]) => Promise<void>,
  ) => taskKind({ name, payload, role: 'scheduler', concurrency: 2, deadlineMs: 120_000, run })
  return {
    kinds: [
      chore('accounts.closed', ofAccount, ({ accountId }) => service.avatars.removeAll(accountId)),
      chore('accounts.tidy_avatars', ofAccount, ({ accountId }) => service.avatars.tidy(accountId)),
      chore('accounts.confirm_email', Type.Object({ linkId: Type.String() }, strict), ({ linkId }) =>
        service.email.sendConfirmation(linkId),
      ),
      chore('accounts.ask_reset', Type.Object({ who: Type.String() }, strict), ({ who }) => service.email.sendReset(who)),
      chore('accounts.sweep', Type.Object({}, strict), () => service.sweep()),
    ],
    recurring: [{ name: 'accounts.sweep', cron: '23 * * * *', task: { kind: 'accounts.sweep', payload: {} } }],
  }
}
