import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { WarningIcon } from '#web/ui/icons.tsx'
import type { Desk } from './desk.ts'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import type { Failing } from './stage.ts'

type Props = { desk: Desk; film: FilmOnItsWay; view: FilmView; failing: Failing }

/** What happened, whether anything was lost, and the next step. */
export function FilmFailed({ desk, film, failing }: Props) {
  const t = useTranslations('making.failed')
  const words = useTranslations('shell.words')
  const toText = useFailureText()
  const text =
    failing.kind === 'refused by the house'
      ? toText(failing.failure)
      : failing.kind === 'refused'
        ? t('refused', { words: failing.words })
        : t(failing.kind)
  return (
    <div className="film-failed" role="alert">
      <p>
        <WarningIcon />
        <span>{text}</span>
      </p>
      <div className="stage-acts">
        <Button size="small" onClick={() => desk.goOn(film)}>
          {words('retry')}
        </Button>
      </div>
    </div>
  )
}
