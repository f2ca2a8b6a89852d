import { useTranslations } from 'use-intl'
import { Toggle } from '#web/ui/toggle.tsx'
import { captionSizes } from '../captions/tracks.ts'
import { useCaptions } from '../captions/use-captions.ts'
import { useLanguageName } from '../use-language-name.ts'
import { Chips } from './chips.tsx'

const delayStepMs = 250

/** Which lines, how large, where, and how much later. */
export function CaptionChoices() {
  const t = useTranslations('watch.captions')
  const { tracks, state, change } = useCaptions()
  const nameOf = useLanguageName()
  const options = tracks.map(({ id, label, language }, at) => (
    <option key={id} value={id}>
      {label === '' || label === language ? (nameOf(language) ?? t('number', { number: at + 1 })) : label}
    </option>
  ))
  return (
    <div className="pick-form">
      <label className="pick-field">
        <span>{t('first')}</span>
        <select
          className="control control-select"
          value={state.first ?? ''}
          onChange={(event) => change({ first: event.target.value || undefined })}
        >
          <option value="">{t('none')}</option>
          {options}
        </select>
      </label>
      <label className="pick-field">
        <span>{t('second')}</span>
        <select
          className="control control-select"
          value={state.second ?? ''}
          onChange={(event) => change({ second: event.target.value || undefined })}
        >
          <option value="">{t('none')}</option>
          {options}
        </select>
      </label>
      <fieldset className="pick-field">
        <legend>{t('size')}</legend>
        <Chips of={captionSizes} chosen={state.size} choose={(size) => change({ size })} nameOf={(size) => t(`sizes.${size}`)} />
      </fieldset>
      <fieldset className="pick-field">
        <legend>{t('delay')}</legend>
        <div className="pick-row">
          <button type="button" className="pick-chip" onClick={() => change({ delayMs: state.delayMs - delayStepMs })}>
            {t('earlier')}
          </button>
          <output className="pick-output">{t('seconds', { seconds: state.delayMs / 1000 })}</output>
          <button type="button" className="pick-chip" onClick={() => change({ delayMs: state.delayMs + delayStepMs })}>
            {t('later')}
          </button>
        </div>
      </fieldset>
      <Toggle label={t('top')} isOn={state.place === 'top'} onChange={(isOn) => change({ place: isOn ? 'top' : 'bottom' })} />
      <Toggle label={t('ground')} isOn={state.hasGround} onChange={(hasGround) => change({ hasGround })} />
    </div>
  )
}
