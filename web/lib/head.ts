import { createContext, useContext, useEffect } from 'react'

/** A film that this page shows: cards of links may play it. `playlist`: what its player asks for first. */
export type FilmHead = { id: string; width: number | null; height: number | null; isFramable: boolean; playlist: string | null }

export type Head = {
  title: string
  description?: string
  image?: string
  isHidden?: boolean
  film?: FilmHead
  /** The address of its feed, on this site. */
  feed?: string
}

/** The server gives a box and finds in it what the page said; in the browser there is no box and the title is simply set. */
export type HeadBox = { head?: Head }

const Context = createContext<HeadBox | undefined>(undefined)
export const HeadProvider = Context.Provider

/** What the page is called: in the tab, in search engines (unless hidden from them) and in link previews. */
export function useHead(head: Head): void {
  const box = useContext(Context)
  if (box) box.head = head
  const { title } = head
  useEffect(() => {
    document.title = title
  }, [title])
}
