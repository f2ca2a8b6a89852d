import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { CheckIcon, CloseIcon, WarningIcon } from './icons.tsx'
import './status.css'

export type Saying = { look: 'done' | 'failed'; text: string; undo?: { text: string; act(): void } }

const Context = createContext<(saying: Saying) => void>(() => undefined)

/** Says in one line what has just happened. What must be acted on stands on the page instead; a line goes away by itself. */
export function useSay(): (saying: Saying) => void {
  return useContext(Context)
}

const stayMs = 6000

export function StatusProvider({ children }: { children: ReactNode }) {
  const t = useTranslations('shell')
  const [saying, setSaying] = useState<Saying & { key: number }>()
  const [isHeld, setIsHeld] = useState(false)
  const count = useRef(0)
  const say = useCallback((next: Saying) => {
    count.current += 1
    setSaying({ ...next, key: count.current })
  }, [])

  useEffect(() => {
    if (!saying || isHeld) return
    const timer = setTimeout(() => setSaying(undefined), stayMs)
    return () => clearTimeout(timer)
  }, [saying, isHeld])

  return (
    <Context value={say}>
      {children}
      <div className="status" role="status" onPointerEnter={() => setIsHeld(true)} onPointerLeave={() => setIsHeld(false)}>
        {saying ? (
          <div className={`status-line status-${saying.look}`} key={saying.key}>
            {saying.look === 'done' ? <CheckIcon /> : <WarningIcon />}
            <span>{saying.text}</span>
            {saying.undo ? (
              <button
                className="status-undo"
                type="button"
                onClick={() => {
                  saying.undo?.act()
                  setSaying(undefined)
                }}
              >
                {saying.undo.text}
              </button>
            ) : null}
            <button className="status-close" type="button" aria-label={t('words.close')} onClick={() => setSaying(undefined)}>
              <CloseIcon />
            </button>
          </div>
        ) : null}
      </div>
    </Context>
  )
}
