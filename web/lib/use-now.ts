import { useEffect, useState } from 'react'

/** The time of day for "3 minutes ago", renewed each half minute. Undefined in the first picture: the server's clock is another one. */
export function useNow(): Date | undefined {
  const [now, setNow] = useState<Date>()
  useEffect(() => {
    setNow(new Date())
    const timer = setInterval(() => setNow(new Date()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
