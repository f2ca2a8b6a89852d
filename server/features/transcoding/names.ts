import type { FilmKey } from './store.ts'

/** Everything of one source's film: goes with it. */
export const filmPrefix = ({ videoId, generation }: FilmKey) => `cells/${videoId}/${generation}/`

/** A cell is done when there is a blob of its name. */
export const cellName = (key: FilmKey, row: string, cell: number) => `${filmPrefix(key)}${row}/${cell}.m4s`
/** Black, or silence, in the place of a cell that can not be made: under a name of its own, for it may yet be made. */
export const standInName = (key: FilmKey, row: string, cell: number) => `${filmPrefix(key)}${row}/${cell}.stand-in.m4s`
export const rowPrefix = (key: FilmKey, row: string) => `${filmPrefix(key)}${row}/`
export const initName = (key: FilmKey, row: string) => `${filmPrefix(key)}${row}/init.mp4`
/** The source's streams in an order in which they can be cut. */
export const cutName = (key: FilmKey) => `${filmPrefix(key)}cut.mkv`
/** What is said when the film is planned. */
export const planName = (key: FilmKey) => `${filmPrefix(key)}plan`
