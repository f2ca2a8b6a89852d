import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button, IconButton } from './button.tsx'
import { CheckIcon, CopyIcon } from './icons.tsx'

/** Copies a text and says so in place. Where the browser forbids it, the text stands beside to be selected. */
export function CopyButton({ text, label, isWordy = false }: { text: string; label: string; isWordy?: boolean }) {
  const t = useTranslations('shell.words')
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), 2500)
    return () => clearTimeout(timer)
  }, [isCopied])

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setIsCopied(true)
    } catch {
      setIsCopied(false)
    }
  }

  const icon = isCopied ? CheckIcon : CopyIcon
  return (
    <>
      {isWordy ? (
        <Button icon={icon} onClick={copy}>
          {isCopied ? t('copied') : label}
        </Button>
      ) : (
        <IconButton icon={icon} label={label} onClick={copy} />
      )}
      <span className="unseen" role="status">
        {isCopied ? t('copied') : ''}
      </span>
    </>
  )
}
