type Scheduling = { scheduler?: { yield?(): Promise<void> } }

/** Lets the browser paint and hear before the next piece of work. */
export function breath(): Promise<void> {
  const { scheduler } = globalThis as Scheduling
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve))
}
