/** What a session is shown as in its person's list: as much as the browser tells of itself. */
export type Device = { browser: string; system: string; address: string }

const browsers: [RegExp, string][] = [
  [/MicroMessenger/, 'WeChat'],
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/Chrome\/|CriOS|Chromium/, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPad/, 'iPadOS'],
  [/iPhone|iPod/, 'iOS'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
]

export function deviceOf(userAgent: string | undefined, address: string): Device {
  const agent = (userAgent ?? '').slice(0, 400)
  const nameOf = (table: [RegExp, string][]) => table.find(([sign]) => sign.test(agent))?.[1] ?? ''
  return { browser: nameOf(browsers) || program(agent), system: nameOf(systems), address: address.slice(0, 45) }
}

/** As a person would say it: Firefox, Linux. */
export const deviceNameOf = (userAgent: string): string => nameOfDevice(deviceOf(userAgent, ''))

export function nameOfDevice({ browser, system }: Device): string {
  return [browser, system].filter((part) => part !== '').join(', ') || '?'
}

/** curl/8.5.0 → curl */
function program(agent: string): string {
  const name = /^([A-Za-z][\w .-]{0,38})\//.exec(agent)?.[1] ?? ''
  return name === 'Mozilla' ? '' : name
}
