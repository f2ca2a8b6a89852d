import { useTranslations } from 'use-intl'
import { IconButton } from '#web/ui/button.tsx'
import { CloseIcon } from '#web/ui/icons.tsx'
import type { Outcome } from './desk.ts'

type Told = 'found again' | 'there already' | 'empty' | 'unreadable' | 'no film'
type Props = { outcomes: readonly (Outcome | { name: string; became: 'no film' })[]; forget(): void }

const texts = {
  'found again': 'foundAgain',
  'there already': 'thereAlready',
  empty: 'empty',
  unreadable: 'unreadable',
  'no film': 'noFilm',
} as const
const told = Object.keys(texts) as Told[]

/** What became of the files that are not simply new in the list: said once for each kind, with their names. */
export function Outcomes({ outcomes, forget }: Props) {
  const t = useTranslations('making.outcomes')
  const words = useTranslations('shell.words')
  const groups = told.flatMap((became) => {
    const names = outcomes.filter((outcome) => outcome.became === became).map(({ name }) => name)
    return names.length === 0 ? [] : [{ became, names }]
  })
  return (
    <div role="status" className="outcomes" data-empty={groups.length === 0}>
      {groups.length === 0 ? null : (
        <>
          <ul role="list">
            {groups.map(({ became, names }) => (
              <li key={became}>{t(texts[became], { count: names.length, names: shortened(names) })}</li>
            ))}
          </ul>
          <IconButton icon={CloseIcon} label={words('close')} onClick={forget} />
        </>
      )}
    </div>
  )
}

function shortened(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ')
}
