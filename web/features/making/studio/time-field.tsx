import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Labelled } from '#web/ui/labelled.tsx'
import { parseTime, toTime } from '../finder/moments.ts'

type Props = { label: string; atMs: number | null; write(atMs: number | null): void; isLabelUnseen?: boolean; isNeeded?: boolean }

/** A moment of the film, as people write it. What is no moment stays as it was typed, and is said. */
export function TimeField({ label, atMs, write, isLabelUnseen = false, isNeeded = false }: Props) {
  const t = useTranslations('studio')
  const [typed, setTyped] = useState<string>()
  const text = typed ?? (atMs === null ? '' : toTime(atMs))
  const isWrong = typed !== undefined && (typed.trim() === '' ? isNeeded : parseTime(typed) === undefined)

  function type(value: string) {
    setTyped(value)
    if (value.trim() === '' && !isNeeded) return write(null)
    const ms = parseTime(value)
    if (ms !== undefined) write(ms)
  }

  return (
    <Labelled label={label} isLabelUnseen={isLabelUnseen} error={isWrong ? t('wrongTime') : undefined}>
      {(parts) => (
        <input
          {...parts}
          className="control time-field count"
          type="text"
          inputMode="text"
          autoComplete="off"
          spellCheck={false}
          size={9}
          placeholder="0:00"
          value={text}
          onChange={(event) => type(event.target.value)}
          onBlur={() => isWrong || setTyped(undefined)}
        />
      )}
    </Labelled>
  )
}
