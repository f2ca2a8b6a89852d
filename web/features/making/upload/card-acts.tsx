import { useTranslations } from 'use-intl'
import { IconButton } from '#web/ui/button.tsx'
import { CloseIcon } from '#web/ui/icons.tsx'
import { useSay } from '#web/ui/status.tsx'
import { FirstIcon, GoOnIcon, PauseIcon } from '../icons.tsx'
import type { Desk } from './desk.ts'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { isMoving } from './stage.ts'

type Props = { desk: Desk; film: FilmOnItsWay; view: FilmView; name: string }

/** Longer than the line that offers to undo stays. */
const undoMs = 7000

/** What can be done with one film on its way: pause, go on, go first, give up. */
export function CardActs({ desk, film, view: { stage, id }, name }: Props) {
  const t = useTranslations('making.card')
  const say = useSay()

  function giveUp() {
    void film.leave()
    const late = setTimeout(() => void desk.end(film).catch(() => undefined), undoMs)
    const undo = {
      text: t('undo'),
      act: () => {
        clearTimeout(late)
        film.comeBack()
      },
    }
    say({ look: 'done', text: t('givenUp', { name }), undo })
  }

  const isFirst = desk.films.find((other) => other.view.stage.at === 'waiting')?.note.id === id
  return (
    <div className="film-acts">
      {isMoving(stage) || stage.at === 'waiting' ? (
        <IconButton icon={PauseIcon} label={t('pause', { name })} onClick={() => film.pause()} />
      ) : null}
      {stage.at === 'paused' ? <IconButton icon={GoOnIcon} label={t('goOn', { name })} onClick={() => desk.goOn(film)} /> : null}
      {stage.at === 'waiting' && !isFirst ? (
        <IconButton icon={FirstIcon} label={t('first', { name })} onClick={() => desk.putFirst(film)} />
      ) : null}
      {stage.at === 'sent' ? (
        <IconButton icon={CloseIcon} label={t('clear', { name })} onClick={() => desk.clear([film])} />
      ) : stage.at === 'elsewhere' ? null : (
        <IconButton icon={CloseIcon} label={t('giveUp', { name })} onClick={giveUp} />
      )}
    </div>
  )
}
