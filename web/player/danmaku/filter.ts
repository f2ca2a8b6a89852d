import type { DanmakuHabits } from './danmaku-habits.ts'
import type { Flying } from './flying.ts'

type Filtered = Pick<Flying, 'mode' | 'color' | 'text' | 'by' | 'isOwn'>
type Test = (text: string) => boolean

const known = new WeakMap<DanmakuHabits, readonly Test[]>()

/** By word, `/pattern/`, person and kind; one's own is always shown. */
export function isHidden({ mode, color, text, by, isOwn }: Filtered, habits: DanmakuHabits): boolean {
  if (isOwn) return false
  if ((mode === 'top' && habits.hidesTop) || (mode === 'bottom' && habits.hidesBottom)) return true
  if (habits.hidesColour && color.toLowerCase() !== '#ffffff') return true
  if (habits.people.includes(by)) return true
  let tests = known.get(habits)
  if (!tests) {
    tests = testsOf(habits.words)
    known.set(habits, tests)
  }
  return tests.some((test) => test(text))
}

/** Words apart by spaces or commas; what stands between two slashes is a pattern, with whatever it holds. One that is none counts as a word. */
function testsOf(words: string): Test[] {
  return [...words.matchAll(/\/((?:[^/\\]|\\.)+)\/|[^\s,，、]+/g)].map(([whole, pattern]) => {
    const expression = pattern === undefined ? undefined : toExpression(pattern)
    if (expression) return (text) => expression.test(text)
    const word = whole.toLowerCase()
    return (text) => text.toLowerCase().includes(word)
  })
}

function toExpression(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'iu')
  } catch {
    return undefined
  }
}
