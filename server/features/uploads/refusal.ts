/** `retCode` of each refusal. "0", "1" and "2" are the protocol's own words. */
const codes = {
  cancelled: '2',
  request: '3',
  token: '4',
  path: '5',
  size: '6',
  full: '7',
  paused: '8',
  differs: '9',
  unknown: '10',
  over: '11',
} as const

const statuses: Partial<Record<RefusalKind, number>> = { full: 507 }

export type RefusalKind = keyof typeof codes

/** What the protocol answers instead of doing it. `httpStatus` is 200 wherever a client of the protocol is spoken to. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly retCode: string
  readonly httpStatus: number
  constructor(kind: RefusalKind, message: string, httpStatus = statuses[kind] ?? 200) {
    super(message)
    this.kind = kind
    this.retCode = codes[kind]
    this.httpStatus = httpStatus
  }
}

export function refuse(kind: RefusalKind, message: string, httpStatus?: number): never {
  throw new Refusal(kind, message, httpStatus)
}
