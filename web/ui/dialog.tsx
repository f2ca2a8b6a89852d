import { type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from './button.tsx'
import { CloseIcon } from './icons.tsx'
import './dialog.css'

type Props = {
  title: string
  isOpen: boolean
  close(): void
  children: ReactNode
  /** Must be answered: there is no cross, and Escape does nothing. */
  isObliging?: boolean
}

/** The browser's own dialog: it holds the focus, makes the rest inert, closes by Escape, and gives the focus back. */
export function Dialog({ title, isOpen, close, children, isObliging = false }: Props) {
  const t = useTranslations('shell')
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    const dialog = element.current
    if (!dialog) return
    if (isOpen && !dialog.open) dialog.showModal()
    if (!isOpen && dialog.open) dialog.close()
  }, [isOpen])

  function refuseToLeave(event: SyntheticEvent) {
    if (isObliging) event.preventDefault()
  }

  return (
    <dialog className="dialog" ref={element} aria-labelledby={id} onClose={close} onCancel={refuseToLeave}>
      {isOpen ? (
        <>
          <header className="dialog-head">
            <h2 id={id}>{title}</h2>
            {isObliging ? null : <IconButton icon={CloseIcon} label={t('words.close')} onClick={close} />}
          </header>
          <div className="dialog-body">{children}</div>
        </>
      ) : null}
    </dialog>
  )
}
