/** Why a socket was closed by the server. `again`: whether the client comes back by itself; a wait comes as `retryMs` in the reason. */
export const closeCodes = {
  1000: { name: 'done', again: false, summary: 'Closed by wish of the client.' },
  1003: { name: 'not_text', again: false, summary: 'Frames are text.' },
  1008: { name: 'abuse', again: true, summary: 'Too many or malformed messages. Come back later and slower.' },
  1009: { name: 'too_large', again: true, summary: 'A message above 64 KiB.' },
  1011: { name: 'fault', again: true, summary: 'Our fault; it has been logged.' },
  1012: { name: 'restart', again: true, summary: 'This process ends. Another takes over.' },
  1013: { name: 'too_slow', again: true, summary: 'More was waiting than is kept for one socket. Come back and resume.' },
  4001: { name: 'session_ended', again: false, summary: 'The session has ended: sign in again.' },
  4002: { name: 'too_many', again: false, summary: 'Too many sockets of one person; the oldest was closed.' },
  4009: { name: 'replaced', again: false, summary: 'The same tab has opened a newer socket.' },
} as const

export type CloseCode = keyof typeof closeCodes
