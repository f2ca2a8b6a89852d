import { budgetsStep } from './budgets.ts'
import { contractsStep } from './contracts.ts'
import { habitsStep } from './habits.ts'
import { importsStep } from './imports.ts'
import { linksStep } from './links.ts'
import { localesStep } from './locales.ts'
import { packagesStep } from './packages.ts'
import { problemsStep } from './problems.ts'
import { formatStep, lintStep, typesStep, unusedStep } from './programs.ts'
import { routesStep } from './routes.ts'
import { rulesStep } from './rules.ts'
import { sqlStep } from './sql.ts'
import type { Step } from './step.ts'
import { wordsStep } from './words.ts'

/** Every law of the house, the slow ones first. */
export const steps: readonly Step[] = [
  unusedStep,
  typesStep,
  lintStep,
  formatStep,
  importsStep,
  budgetsStep,
  localesStep,
  problemsStep,
  routesStep,
  rulesStep,
  contractsStep,
  habitsStep,
  sqlStep,
  linksStep,
  packagesStep,
  wordsStep,
]
