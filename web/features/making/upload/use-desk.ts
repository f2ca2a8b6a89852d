import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { OwnProfile } from '#shared/api/accounts.ts'
import { type Api, useApi } from '#web/lib/api-context.ts'
import { Desk } from './desk.ts'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { lookInto } from './look-into.ts'
import { openNotes } from './notes.ts'
import { openPageHashes } from './page-hashes.ts'

/** One desk a person for as long as the document lives: films go on while one looks at other pages. */
const desks = new Map<string, Promise<Desk>>()

export function useDesk(user: OwnProfile): Desk | undefined {
  const api = useApi()
  const [desk, setDesk] = useState<Desk>()
  const { id, username } = user
  useEffect(() => {
    let isHere = true
    void deskOf(api, { id, username }).then((opened) => isHere && setDesk(opened))
    return () => {
      isHere = false
    }
  }, [api, id, username])
  return desk
}

function deskOf(api: Api, person: { id: string; username: string }): Promise<Desk> {
  const known = desks.get(person.id)
  if (known) return known
  const opened = openDesk(api, person)
  desks.set(person.id, opened)
  return opened
}

async function openDesk(api: Api, person: { id: string; username: string }): Promise<Desk> {
  const desk = await new Desk({ api, person, notes: await openNotes(), hashes: openPageHashes(), lookInto }).open()
  // For as long as the document lives, whatever page it shows: leaving it stops what is on its way.
  addEventListener('beforeunload', (event) => {
    if (desk.isBusy) event.preventDefault()
  })
  return desk
}

const none: readonly FilmOnItsWay[] = []

export function useFilms(desk: Desk | undefined): readonly FilmOnItsWay[] {
  const watch = useCallback((changed: () => void) => desk?.watch(changed) ?? (() => undefined), [desk])
  return useSyncExternalStore(
    watch,
    () => desk?.films ?? none,
    () => none,
  )
}

export function useFilm(film: FilmOnItsWay): FilmView {
  return useSyncExternalStore(
    film.watch,
    () => film.view,
    () => film.view,
  )
}
