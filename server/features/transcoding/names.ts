import type { FilmKey } from './store.ts'

/** A cell is done when there is a blob of its name. */
export const cellName = ({ videoId, generation }: FilmKey, row: string, cell: number) => `cells/${videoId}/${generation}/${row}/${cell}.m4s`
export const initName = ({ videoId, generation }: FilmKey, row: string) => `cells/${videoId}/${generation}/${row}/init.mp4`
