import { useEffect, useEffectEvent, useState } from 'react'
import { type Chosen, fromDrop, fromFiles } from './gather.ts'

/** Files dropped or pasted anywhere on the page. Answers whether some are being held over it. */
export function useDropsAnywhere(take: (chosen: readonly Chosen[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const taken = useEffectEvent(take)

  useEffect(() => {
    const over = new AbortController()
    const { signal } = over
    const on = <K extends keyof WindowEventMap>(kind: K, act: (event: WindowEventMap[K]) => void) => addEventListener(kind, act, { signal })
    on('dragenter', (event) => carriesFiles(event) && setIsOver(true))
    on('dragover', (event) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    })
    on('dragleave', (event) => {
      // Left the window itself, not one of the things in it.
      if (event.relatedTarget === null) setIsOver(false)
    })
    on('drop', (event) => {
      setIsOver(false)
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      void fromDrop(event.dataTransfer).then((chosen) => taken(chosen))
    })
    on('paste', (event) => {
      const files = event.clipboardData?.files
      if (!files || files.length === 0) return
      event.preventDefault()
      taken(fromFiles(files))
    })
    return () => over.abort()
  }, [])
  return isOver
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
