/** What a step found: each complaint says where, what, and (where it is not plain) what to do. `note` is the one line of a step that passes. */
export type Outcome = { complaints: string[]; note: string }

export type Step = {
  name: string
  /** Looks at the house that stands at `root`, and nowhere else: tests plant breaches in houses of their own. */
  look(root: string): Outcome | Promise<Outcome>
}
