import { useEffect, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import type { Seat } from './film.ts'
import { usePlayer } from './use-player.ts'

/** Which films of one's own run elsewhere, and the way to stop one of them for this one. */
export function SeatsTaken() {
  const t = useTranslations('watch.trouble')
  const format = useFormatter()
  const player = usePlayer()
  const { film } = player
  const [seats, setSeats] = useState<readonly Seat[]>([])
  const [busy, setBusy] = useState<string>()
  useEffect(() => {
    let isWanted = true
    film?.seats.list().then(
      (found) => isWanted && setSeats(found),
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [film])
  async function free(id: string) {
    setBusy(id)
    await film?.seats.free(id).catch(() => undefined)
    player.retry()
  }
  return seats.map(({ id, device, since }) => (
    <p key={id} className="player-seat">
      <span>
        {device || t('someDevice')} · {format.dateTime(since, { timeStyle: 'short' })}
      </span>
      <Button size="small" isBusy={busy === id} onClick={() => void free(id)}>
        {t('stopOther')}
      </Button>
    </p>
  ))
}
