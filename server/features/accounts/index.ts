import type { Database } from '#server/database/database.ts'
import { createFailures } from './failures.ts'
import { accountJobs } from './jobs.ts'
import { createLinkStore } from './links-store.ts'
import type { AccountParts } from './parts.ts'
import type { Cost } from './passwords/hash.ts'
import { createPasswords } from './passwords/passwords.ts'
import { accountRoutes } from './routes.ts'
import { createAccountSeed } from './seed.ts'
import { createSecondFactorStore } from './second-factor-store.ts'
import { createAccountService } from './service.ts'
import { type AccountTables, createAccountStore } from './store.ts'
import type { Limiter } from '#server/ports/limiter.ts'

export type { Belongings } from './closing.ts'
export type { Cost } from './passwords/hash.ts'
export { usernameKey } from './username.ts'
export { toPersonCard } from './view.ts'

export type AccountsParts = Omit<AccountParts, 'store' | 'factors' | 'passwords' | 'failures'> & {
  db: Database<AccountTables>
  limiter: Limiter
  passwordCost: Cost | undefined
}

/** Who people are: names, passwords, profiles, second factors, and how one comes in and goes for good. */
export function createAccounts({ db, limiter, passwordCost, ...parts }: AccountsParts) {
  const passwords = createPasswords({ cost: passwordCost })
  const all = {
    ...parts,
    store: createAccountStore(db),
    factors: createSecondFactorStore(db.pick<'second_factor' | 'recovery_code'>()),
    links: createLinkStore(db.pick<'account_link' | 'account'>()),
    passwords,
    failures: createFailures({ limiter, clock: parts.clock, settings: parts.settings }),
  }
  const service = createAccountService(all)
  return {
    ...service,
    /** One line for all that is hashed here, whatever it opens. */
    passwords,
    figures: () => ({ passwords: passwords.figures() }),
    seed: createAccountSeed(all, service.avatars),
    doors: { routes: accountRoutes(service), jobs: accountJobs(service) },
  }
}

export type Accounts = ReturnType<typeof createAccounts>
