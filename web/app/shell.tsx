import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { AccountCorner } from '#web/features/frame/account-corner.tsx'
import { Footer } from '#web/features/frame/footer.tsx'
import { HouseLine } from '#web/features/frame/house-line.tsx'
import { Lost } from '#web/features/frame/lost.tsx'
import { OfflineLine } from '#web/features/frame/offline-line.tsx'
import { Places } from '#web/features/frame/places.tsx'
import { SearchField } from '#web/features/frame/search-field.tsx'
import { me, site } from '#web/lib/house.ts'
import { LastingPlace, LastingProvider } from '#web/lib/lasting.tsx'
import { useReading } from '#web/lib/reading.ts'
import { LanguageSwitch } from '#web/features/preferences/language-switch.tsx'
import { ThemeSwitch } from '#web/features/preferences/theme-switch.tsx'
import { StatusProvider } from '#web/ui/status.tsx'
import { Wordmark } from '#web/ui/wordmark.tsx'
import { Link } from 'wouter'
import type { OpenPage } from './router.ts'
import './shell.css'

/** What the frame itself needs to know, on every page. */
export const shellReadings = [me, site]

type Props = { page: OpenPage; isTurning: boolean; failure: unknown; retry(): void; children: ReactNode }

export function Shell({ page, isTurning, failure, retry, children }: Props) {
  const t = useTranslations('shell')
  const isPlain = page.page.frame === 'plain'
  const main = useFocusOnNewPage(page.place.path)
  const { data: house } = useReading(site)
  if (page.page.frame === 'bare')
    return <BareShell>{failure === undefined ? children : <Lost failure={failure} retry={retry} />}</BareShell>
  return (
    <StatusProvider>
      <LastingProvider>
        <div className="shell" data-frame={isPlain ? 'plain' : 'full'}>
          <a className="shell-skip" href="#main">
            {t('frame.skip')}
          </a>
          {isTurning && failure === undefined ? <div className="shell-turning" role="progressbar" aria-label={t('frame.turning')} /> : null}
          <header className="shell-head">
            <Link href="/" className="shell-home">
              <Wordmark name={house?.name ?? 'Matinee'} />
            </Link>
            {isPlain ? null : (
              <>
                <Places at={page.place.path} />
                <SearchField at={page.place} />
                <AccountCorner />
              </>
            )}
          </header>
          <OfflineLine />
          <HouseLine />
          <main id="main" className="shell-main" tabIndex={-1} ref={main}>
            {failure === undefined ? children : <Lost failure={failure} retry={retry} />}
          </main>
          <Footer sourceUrl={house?.sourceUrl ?? null}>
            <LanguageSwitch />
            <ThemeSwitch />
          </Footer>
          <LastingPlace />
        </div>
      </LastingProvider>
    </StatusProvider>
  )
}

/** On somebody else's site there is the thing itself and nothing around it. */
function BareShell({ children }: { children: ReactNode }) {
  return (
    <StatusProvider>
      <LastingProvider>
        <main>{children}</main>
        <LastingPlace />
      </LastingProvider>
    </StatusProvider>
  )
}

/** As after a full load: the next Tab begins at the top of the new page, and screen readers read its title. */
function useFocusOnNewPage(path: string) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    // A page that put the focus into a field of its own knows better.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true })
  }, [path])
  return main
}
