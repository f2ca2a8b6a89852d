import { keep, readKept } from '#web/player/habits.ts'

const key = 'matinee-drafts'
const kept = 30

/** What somebody began to write, until it is sent: under which film, in reply to what. */
export function readDraft(name: string): string {
  const text = readKept(key)[name]
  return typeof text === 'string' ? text : ''
}

export function keepDraft(name: string, text: string): void {
  const others = Object.entries(readKept(key)).filter(([other]) => other !== name)
  keep(key, Object.fromEntries([...others.slice(-kept), ...(text === '' ? [] : [[name, text] as const])]))
}
