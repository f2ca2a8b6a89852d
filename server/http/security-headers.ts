import { derived, type HttpSettings } from './settings.ts'

/** Constant tables, chosen once a request: setting them one by one by library cost two fifths of all throughput. */
export type SecurityHeaders = {
  /** Name, value, name, value … for data of any kind. */
  data(isSecure: boolean): readonly string[]
  /** For pages that people see. `framedBy`: the sites that may show this one in a frame. */
  page(isSecure: boolean, framedBy?: string): readonly string[]
}

export function createSecurityHeaders(settings: () => HttpSettings): SecurityHeaders {
  const tables = derived(settings, ({ mediaOrigins }) => {
    const plain = flat({ ...everywhere, ...data })
    const page = flat({ ...everywhere, ...pages, 'content-security-policy': pagePolicy(mediaOrigins) })
    return { data: plain, dataSecure: [...plain, ...overHttps], page, pageSecure: [...page, ...overHttps] }
  })
  return {
    data: (isSecure) => (isSecure ? tables().dataSecure : tables().data),
    page(isSecure, framedBy) {
      const table = isSecure ? tables().pageSecure : tables().page
      return framedBy === undefined ? table : framed(table, framedBy)
    },
  }
}

function framed(table: readonly string[], sites: string): string[] {
  const headers = table.map((text) => text.replace("frame-ancestors 'none'", () => `frame-ancestors ${sites}`))
  headers.splice(headers.indexOf('x-frame-options'), 2)
  return headers
}

/** What is written to a line by hand, before there is a request, is data like any other. */
export const bareHeaders = () => Object.entries({ ...everywhere, ...data }).map(([name, value]) => `${name}: ${value}`)

const everywhere = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

const data = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

const overHttps = flat({ 'strict-transport-security': 'max-age=31536000' })

const pages = {
  'cross-origin-opener-policy': 'same-origin',
  // `no-referrer` would make browsers send `Origin: null` with our own forms.
  'referrer-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), autoplay=(self), camera=(self), display-capture=(self), fullscreen=(self), geolocation=(), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), picture-in-picture=(self), publickey-credentials-get=(self), screen-wake-lock=(self), usb=()',
  'x-frame-options': 'DENY',
}

/** No script or style but from files of ours; `blob:` is what a player makes of segments and what a form shows of a chosen picture. */
function pagePolicy(mediaOrigins: readonly string[]): string {
  const media = ["'self'", ...mediaOrigins].join(' ')
  return [
    "default-src 'none'",
    "base-uri 'none'",
    `connect-src ${media}`,
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    `img-src ${media} data: blob:`,
    "manifest-src 'self'",
    `media-src ${media} blob:`,
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "script-src 'self'",
    "style-src 'self'",
    "trusted-types matinee 'allow-duplicates'",
    "worker-src 'self' blob:",
  ].join('; ')
}

function flat(headers: Record<string, string>): string[] {
  return Object.entries(headers).flat()
}
