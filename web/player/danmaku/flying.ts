import type { Mode } from './lanes.ts'

export type Flying = {
  id: string
  atMs: number
  text: string
  mode: Mode
  color: string
  size: 'small' | 'normal' | 'large'
  count: number
  /** Of one sender always the same under one film; says not who it is. */
  by: string
  isOwn: boolean
}
