/** The names of other things in a playlist, in their order. */
export const namesIn = (text: string): string[] => [
  ...[...text.matchAll(/^#EXT-X-MEDIA:.*URI="([^"]+)"/gm)].map(([, name = '']) => name),
  ...text.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
]

type Tag = { name: string; values: Map<string, string> }

function tagsIn(text: string): Tag[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('#EXT'))
    .map((line) => {
      const [, name = line, rest = ''] = /^(#[A-Z0-9-]+):?(.*)$/.exec(line) ?? []
      const pairs = [...rest.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)].map(
        ([, key = '', value = '']) => [key, value.replaceAll('"', '')] as const,
      )
      return { name, values: new Map([...pairs, ['', rest]]) }
    })
}

const has = (tags: readonly Tag[], name: string, value?: string) =>
  tags.some((tag) => tag.name === name && (value === undefined || tag.values.get('') === value))

/** What a playlist of all rows does wrong by RFC 8216bis (section 4.4.6) and Apple's authoring specification (section 9). */
export function faultsOfMaster(text: string): string[] {
  const tags = tagsIn(text)
  const variants = tags.filter(({ name }) => name === '#EXT-X-STREAM-INF')
  const groups = tags.filter(({ name }) => name === '#EXT-X-MEDIA')
  const faults: string[] = []
  const demand = (is: boolean, fault: string) => void (is || faults.push(fault))
  demand(text.startsWith('#EXTM3U\n'), 'does not begin with #EXTM3U')
  demand(has(tags, '#EXT-X-INDEPENDENT-SEGMENTS'), 'does not say that segments are independent')
  demand(variants.length > 0, 'names no variant')
  demand(!has(tags, '#EXTINF') && !has(tags, '#EXT-X-TARGETDURATION'), 'is a media playlist as well')
  for (const { values } of variants) {
    demand(/^[1-9]\d*$/.test(values.get('BANDWIDTH') ?? ''), 'a variant without a whole BANDWIDTH')
    demand((values.get('CODECS') ?? '') !== '', 'a variant without CODECS')
    const isPicture = /avc|hvc|av01|vp09/.test(values.get('CODECS') ?? '')
    demand(!isPicture || /^\d+x\d+$/.test(values.get('RESOLUTION') ?? ''), 'a variant without RESOLUTION')
    demand(!isPicture || /^\d+([.]\d{1,3})?$/.test(values.get('FRAME-RATE') ?? ''), 'a variant without FRAME-RATE of three decimals')
    const average = values.get('AVERAGE-BANDWIDTH')
    demand(average === undefined || Number(average) <= Number(values.get('BANDWIDTH')), 'an average above its peak')
    for (const type of ['AUDIO', 'SUBTITLES']) {
      const group = values.get(type)
      const members = groups.filter((one) => one.values.get('TYPE') === type && one.values.get('GROUP-ID') === group)
      demand(group === undefined || members.length > 0, `a variant of a group ${group} that is not there`)
    }
  }
  for (const { values } of groups) {
    const [type, group, name] = ['TYPE', 'GROUP-ID', 'NAME'].map((key) => values.get(key) ?? '')
    const beside = groups.filter((one) => one.values.get('TYPE') === type && one.values.get('GROUP-ID') === group)
    demand(beside.filter((one) => one.values.get('NAME') === name).length === 1, `two renditions called ${name} in ${group}`)
    demand(beside.filter((one) => one.values.get('DEFAULT') === 'YES').length <= 1, `two defaults in ${group}`)
    demand(values.get('DEFAULT') !== 'YES' || values.get('AUTOSELECT') === 'YES', 'a default that is not chosen by itself')
    demand(type !== 'AUDIO' || /^\d+/.test(values.get('CHANNELS') ?? ''), 'a sound without CHANNELS')
    demand(
      values.get('LANGUAGE') === undefined || /^[a-zA-Z]{2,3}(-[\w-]+)?$/.test(values.get('LANGUAGE') ?? ''),
      'a language that is none',
    )
  }
  demand(new Set(namesIn(text)).size === namesIn(text).length, 'names the same playlist twice')
  return faults
}

/** The same of one row (sections 4.4.3 and 4.4.4), with the bytes of its segments. */
export function faultsOfMedia(text: string, { sizes, master, name }: { sizes: readonly number[]; master: string; name: string }): string[] {
  const tags = tagsIn(text)
  const faults: string[] = []
  const demand = (is: boolean, fault: string) => void (is || faults.push(fault))
  const lengths = tags.filter((tag) => tag.name === '#EXTINF').map((tag) => Number.parseFloat(tag.values.get('') ?? ''))
  const target = Number(tags.find((tag) => tag.name === '#EXT-X-TARGETDURATION')?.values.get(''))
  demand(text.startsWith('#EXTM3U\n'), 'does not begin with #EXTM3U')
  demand(has(tags, '#EXT-X-PLAYLIST-TYPE', 'VOD') && text.trimEnd().endsWith('#EXT-X-ENDLIST'), 'is not whole')
  demand(Number(tags.find((tag) => tag.name === '#EXT-X-VERSION')?.values.get('')) >= 6, 'has a version too low for its map')
  demand(tags.filter((tag) => tag.name === '#EXT-X-MAP').length === 1, 'has not one map')
  demand(Number.isInteger(target), 'has no whole target duration')
  demand(lengths.length === sizes.length && lengths.length > 0, `has ${lengths.length} lengths for ${sizes.length} segments`)
  for (const [number, length] of lengths.entries()) {
    demand(length > 0 && Math.round(length) <= target, `segment ${number} of ${length} s is longer than ${target} s`)
    demand((sizes[number] ?? 0) > 0, `segment ${number} is empty`)
  }
  const [, declared] = new RegExp(`#EXT-X-STREAM-INF:[^\\n]*?\\bBANDWIDTH=(\\d+)[^\\n]*\\n${name}\\n`).exec(master) ?? []
  const peak = Math.max(...lengths.map((length, number) => ((sizes[number] ?? 0) * 8) / length))
  demand(declared === undefined || peak <= Number(declared), `needs ${peak} bits a second, declared are ${declared}`)
  return faults
}
