import { startTransition, useEffect, useState } from 'react'
import { isFirstPicture } from './first-picture.ts'

/**
 * False on the server and in the first picture in the browser, which must be the same; true from then on. What waits for it comes in pieces, which let
 * pass whoever presses something meanwhile.
 */
export function useHydrated(): boolean {
  const [isHydrated, setIsHydrated] = useState(() => !isFirstPicture())
  useEffect(() => startTransition(() => setIsHydrated(true)), [])
  return isHydrated
}
