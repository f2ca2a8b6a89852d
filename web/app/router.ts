import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { startTransition, useCallback, useEffect, useRef, useState } from 'react'
import type { MeAnswer } from '#shared/api/accounts.ts'
import type { Language } from '#shared/language.ts'
import { loadMessages, type Messages } from '#web/lib/messages.ts'
import type { Page, PageEntry, Place } from '#web/lib/page.ts'
import { me } from '#web/lib/house.ts'
import { matchPage } from './match-page.ts'
import { problemPage } from './pages.ts'

/** A page with all it needs to be shown at once. */
export type OpenPage = { entry: PageEntry; page: Page; place: Place }

/** How long a page may read before it is shown with its own face of loading. */
const readingPatienceMs = 400

const loaded = new WeakMap<PageEntry, OpenPage['page']>()

export async function openPage(url: string): Promise<OpenPage> {
  const { entry, place } = matchPage(url)
  const page = loaded.get(entry) ?? (await entry.load()).page
  loaded.set(entry, page)
  return { entry, place, page }
}

export async function openProblem(url: string): Promise<OpenPage> {
  const { page } = await problemPage.load()
  return { entry: problemPage, place: matchPage(url).place, page }
}

export function signInFor({ name }: PageEntry): string {
  return `/login?to=${name}`
}

/** Begins to load what a link leads to, when a pointer or the focus comes near it. */
export function useWarmLinks(language: Language): void {
  useEffect(() => {
    const warm = ({ target }: Event) => {
      const link = target instanceof Element ? target.closest('a[href^="/"]') : null
      const href = link?.getAttribute('href')
      if (!href) return
      const { entry } = matchPage(href)
      void Promise.all([entry.load(), loadMessages(language, entry.areas)]).catch(() => undefined)
    }
    const kinds = ['pointerover', 'focusin'] as const
    for (const kind of kinds) document.addEventListener(kind, warm, { passive: true })
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, warm)
    }
  }, [language])
}

type Turning = { shown: OpenPage; isTurning: boolean; failure: unknown; retry(): void }

/**
 * The page to show for an address. While the next one loads, the one before stays: nothing blinks, and there is no empty page in between.
 */
export function usePageAt(url: string, first: OpenPage, gather: (entry: PageEntry) => Promise<void>): Turning {
  const client = useQueryClient()
  const [, go] = useLocation()
  const [shown, setShown] = useState(first)
  const [failure, setFailure] = useState<unknown>()
  const [attempt, setAttempt] = useState(0)
  const wanted = useRef(url)
  const [arrived, setArrived] = useState(url)

  useEffect(() => {
    if (wanted.current === url && attempt === 0) return
    wanted.current = url
    setFailure(undefined)
    void turn().catch((reason: unknown) => wanted.current === url && setFailure(reason))

    async function turn() {
      const [next] = await Promise.all([openPage(url), gather(matchPage(url).entry)])
      const readings = [...(next.page.readings?.(next.place) ?? []), ...(next.page.extras?.(next.place) ?? [])]
      await patiently(Promise.all(readings.map(({ path }) => client.prefetchQuery({ queryKey: [path] }))))
      if (wanted.current !== url) return
      if (next.entry.needs === 'person' && !client.getQueryData<MeAnswer>([me.path])?.user)
        return go(signInFor(next.entry), { replace: true })
      startTransition(() => {
        setShown(next)
        setArrived(url)
      })
    }
  }, [url, attempt, client, gather, go])

  const retry = useCallback(() => setAttempt((count) => count + 1), [])
  return { shown, isTurning: arrived !== url, failure, retry }
}

function patiently(reading: Promise<unknown>): Promise<unknown> {
  return Promise.race([reading, new Promise((resolve) => setTimeout(resolve, readingPatienceMs))])
}

type Texts = {
  language: Language
  messages: Messages
  speak(language: Language): Promise<void>
  gather(entry: Pick<PageEntry, 'areas'>): Promise<void>
}

/** The language of the page and the texts loaded so far. Another language takes effect at once, where one is. */
export function useTexts(first: { language: Language; messages: Messages; entry: PageEntry }): Texts {
  const [{ language, messages }, setTexts] = useState({ language: first.language, messages: first.messages })
  const areas = useRef(new Set(['shell' as const, ...first.entry.areas]))

  const speak = useCallback(async (next: Language) => {
    const loaded = await loadMessages(next, [...areas.current])
    setTexts({ language: next, messages: loaded })
  }, [])

  const gather = useCallback(
    async (entry: Pick<PageEntry, 'areas'>) => {
      const missing = entry.areas.filter((area) => !areas.current.has(area))
      if (missing.length === 0) return
      const loaded = await loadMessages(language, missing)
      for (const area of missing) areas.current.add(area)
      setTexts((before) => (before.language === language ? { language, messages: { ...before.messages, ...loaded } } : before))
    },
    [language],
  )
  return { language, messages, speak, gather }
}
