/** Where a command speaks to, and how it learns that it should end. */
export type Terminal = {
  out(text: string): void
  err(text: string): void
  /** Aborted by Ctrl-C or SIGTERM. */
  signal: AbortSignal
  environment: Readonly<Record<string, string | undefined>>
  isInteractive: boolean
}

/** One command of the command line. */
export type Verb = {
  help: string
  /** Answers the exit status. */
  run(argv: string[], terminal: Terminal): Promise<number>
}

/** What a person typed is wrong: said in one sentence, without a stack. */
export class UsageError extends Error {}
