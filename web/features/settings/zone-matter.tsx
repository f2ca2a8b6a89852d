import { useTranslations } from 'use-intl'
import type { OwnProfile } from '#shared/api/accounts.ts'
import { useHydrated } from '#web/lib/use-hydrated.ts'
import { SelectField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { useKeepingProfile } from './profile-matters.tsx'

/** Every zone the runtime knows, by its own name, under its continent. */
export function ZoneMatter({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.zone')
  const keep = useKeepingProfile(user)
  const isHydrated = useHydrated()
  return (
    <Matter title={t('title')} text={t('text')}>
      <Form action="/settings/look" send={({ timeZone }) => keep({ timeZone: timeZone || null })}>
        <SelectField name="timeZone" label={t('title')} defaultValue={user.timeZone ?? ''}>
          <option value="">{t('device')}</option>
          {zonesByContinent(user.timeZone, isHydrated).map(([continent, zones]) => (
            <optgroup key={continent} label={continent}>
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {zone.slice(continent.length + 1).replaceAll('_', ' ') || zone}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
        <SaveButton />
      </Form>
    </Matter>
  )
}

/** The list is the browser's own, which may know others than the server. */
function zonesByContinent(own: string | null, isHydrated: boolean): [string, string[]][] {
  const names = new Set([...(isHydrated ? Intl.supportedValuesOf('timeZone') : []), ...(own ? [own] : [])])
  const groups = Map.groupBy([...names].sort(), (zone) => zone.split('/')[0] ?? zone)
  return [...groups]
}
