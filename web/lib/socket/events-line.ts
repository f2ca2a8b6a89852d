import { closeCodes } from '#shared/messages/close-codes.ts'
import type { Sent } from '#shared/messages/envelope.ts'
import type { ClientLine, Dialling, Ending, LineEvents } from './client-line.ts'

/** The server knows a stream to be alive by what its client posts. */
const signMs = 15_000
const postAtMost = 32

/**
 * Server-sent events and POST, where a proxy eats WebSockets. Read by fetch and not by EventSource: that shows no status, sends no token and comes back
 * by its own rules.
 */
export function openEventsLine(dialling: Dialling, events: LineEvents): ClientLine {
  const { environment } = dialling
  const giveUp = new AbortController()
  const waiting: Sent[] = []
  let connection: string | undefined
  let isPosting = false
  let isClosed = false
  let signs = 0
  let timer: { cancel(): void } | undefined

  const end = (ending: Ending) => {
    if (isClosed) return
    close()
    events.ended(ending)
  }
  const close = () => {
    isClosed = true
    timer?.cancel()
    giveUp.abort()
  }

  const heard = (text: string) => {
    if (isClosed) return
    const goodbye = connection === undefined ? undefined : goodbyeOf(text)
    if (goodbye) return end(goodbye)
    connection ??= connectionOf(text)
    events.heard(text)
    void post()
  }

  const post = async () => {
    if (isPosting || connection === undefined) return
    isPosting = true
    while (waiting.length > 0 && !isClosed) {
      const messages = waiting.splice(0, postAtMost)
      const response = await environment
        .fetch(`${dialling.origin}/api/events/send`, {
          method: 'POST',
          headers: { ...headersOf(dialling), 'content-type': 'application/json' },
          body: JSON.stringify({ connection, messages }),
          signal: giveUp.signal,
        })
        .catch(() => undefined)
      if (!response?.ok) end(endingOfStatus(response?.status, false))
    }
    isPosting = false
  }

  const sign = () => {
    timer = environment.after(signMs, () => {
      waiting.push({ t: 'socket.ping', d: { sent: environment.nowMs() }, id: `sign-${++signs}` })
      void post()
      sign()
    })
  }

  readStream(dialling, giveUp.signal, heard).then(
    (status) => end(endingOfStatus(status, connection === undefined)),
    () => end(endingOfStatus(undefined, connection === undefined)),
  )
  sign()
  return {
    way: 'events',
    send(message) {
      waiting.push(message)
      void post()
    },
    close,
  }
}

/** Until the stream ends; answers the status where it never began. */
async function readStream(dialling: Dialling, signal: AbortSignal, heard: (text: string) => void): Promise<number | undefined> {
  const { environment, origin, tab, since } = dialling
  const headers = { ...headersOf(dialling), accept: 'text/event-stream', ...(since === undefined ? {} : { 'last-event-id': since }) }
  const response = await environment.fetch(`${origin}/api/events/stream?${new URLSearchParams({ tab })}`, {
    headers,
    signal,
    cache: 'no-store',
  })
  if (!response.ok || !response.body) return response.status
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const blocks = (rest + read.value).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data: '))
      if (data.length > 0) heard(data.map((line) => line.slice('data: '.length)).join('\n'))
    }
  }
  return undefined
}

function headersOf({ bearer, language }: Dialling): Record<string, string> {
  return {
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(language === undefined ? {} : { 'accept-language': language }),
  }
}

function connectionOf(text: string): string | undefined {
  const { t, d } = JSON.parse(text) as { t?: string; d?: { connection?: string } }
  return t === 'socket.welcome' ? d?.connection : undefined
}

function goodbyeOf(text: string): Ending | undefined {
  if (!text.startsWith('{"t":"socket.goodbye"')) return undefined
  const { d } = JSON.parse(text) as { d: { code: number; retryMs?: number } }
  const known = Object.entries(closeCodes).find(([number]) => Number(number) === d.code)?.[1]
  return { code: d.code, retryMs: d.retryMs, refused: false, isOver: known ? !known.again : false }
}

/** 401: the session is over, and only signing in helps. */
function endingOfStatus(status: number | undefined, refused: boolean): Ending {
  return { code: status === 401 ? 4001 : 1006, retryMs: undefined, refused, isOver: status === 401 }
}
