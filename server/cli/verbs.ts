import type { Verb } from './verb.ts'

/** Every command, loaded when it is asked for. */
export const verbs: Record<string, { summary: string; load(): Promise<Verb> }> = {
  serve: { summary: 'run Matinee, or some of its roles', load: async () => (await import('./serve.ts')).serve },
  doctor: { summary: 'look at everything that could stand in the way', load: async () => (await import('./doctor.ts')).doctor },
  nginx: { summary: 'print the configuration of an Nginx in front', load: async () => (await import('./nginx.ts')).nginx },
  migrate: { summary: 'bring the tables to this version, or print them', load: async () => (await import('./migrate.ts')).migrate },
  backup: {
    summary: 'copy the rows into one sealed file, beside a running Matinee',
    load: async () => (await import('./backup.ts')).backup,
  },
  restore: { summary: 'bring back what a backup holds, or only check it', load: async () => (await import('./restore.ts')).restore },
  keys: { summary: 'change the key that seals second factors and backups', load: async () => (await import('./keys.ts')).keys },
  user: { summary: 'people: list, add, reset passwords, give roles, suspend', load: async () => (await import('./user.ts')).user },
  upload: { summary: 'send films to a Matinee, from any machine', load: async () => (await import('./upload.ts')).upload },
  import: { summary: 'take a collection of films in, from a folder', load: async () => (await import('./import.ts')).importFolder },
  seed: { summary: 'fill an empty Matinee with a believable club', load: async () => (await import('./seed.ts')).seed },
}
