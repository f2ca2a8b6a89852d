import { type ChangeEvent, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { Progress } from '#web/ui/progress.tsx'
import { GoOnIcon } from '../icons.tsx'
import { useBytes } from '../sizes.ts'
import type { Desk } from './desk.ts'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { fromFiles, fromPicker } from './gather.ts'
import { shareOf } from './stage.ts'
import { StageLine } from './stage-line.tsx'

type Props = { desk: Desk; film: FilmOnItsWay; view: FilmView }

/** After a reload the browser wants to be asked for the file; it goes on from where it was, if it is the same. */
export function FileAsked({ desk, film, view }: Props) {
  const t = useTranslations('making.fileless')
  const toBytes = useBytes()
  const input = useRef<HTMLInputElement>(null)
  const { stage } = view
  if (stage.at !== 'fileless') return null
  const { why } = stage

  async function choose() {
    const picked = await fromPicker()
    if (!picked) return input.current?.click()
    const [one] = picked
    if (one) await desk.giveFile(film, one)
  }

  function chosen({ target }: ChangeEvent<HTMLInputElement>) {
    const [one] = fromFiles(target.files ?? [])
    target.value = ''
    if (one) void desk.giveFile(film, one)
  }

  return (
    <>
      <Progress value={shareOf(view)} label={t('progress', { name: view.fields.title })} />
      <StageLine isHeldUp={why === 'other'}>
        {t(why === 'closed' && view.heldBytes === 0 ? 'begun' : why, {
          held: toBytes(view.heldBytes),
          name: view.fileName,
          size: toBytes(view.size),
        })}
      </StageLine>
      <div className="stage-acts">
        {why === 'mayAsk' ? (
          <Button size="small" look="lamp" icon={GoOnIcon} onClick={() => desk.askForFile(film)}>
            {t('goOn')}
          </Button>
        ) : null}
        <Button size="small" look={why === 'mayAsk' ? 'bare' : 'lamp'} onClick={choose}>
          {t('choose')}
        </Button>
        <input ref={input} type="file" aria-label={t('chooseFor', { name: view.fileName })} hidden onChange={chosen} />
      </div>
    </>
  )
}
