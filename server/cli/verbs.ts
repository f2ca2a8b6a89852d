import type { Verb } from './verb.ts'

/** Every command, loaded when it is asked for. */
export const verbs: Record<string, { summary: string; load(): Promise<Verb> }> = {
  serve: { summary: 'run Matinee, or some of its roles', load: async () => (await import('./serve.ts')).serve },
}
