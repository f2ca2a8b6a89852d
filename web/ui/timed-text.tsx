import type { ReactNode } from 'react'

type Props = { text: string; seek(atS: number): void }

const parts = /(?<![\w:.])(\d{1,3}(?::[0-5]\d){1,2})(?![\w:])|(https?:\/\/[^\s<>"'）】」』，。]+[^\s<>"'）】」』，。.,;:!?)\]])/g

/** What somebody wrote, as text: moments of the film become places to go to, addresses become links, and nothing else becomes anything. */
export function TimedText({ text, seek }: Props) {
  const found: ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(parts)) {
    const [whole, time, address] = match
    found.push(text.slice(end, match.index))
    end = match.index + whole.length
    if (time !== undefined)
      found.push(
        <a key={match.index} className="timed" href={`?t=${time}`} onClick={(event) => jump(event, time)}>
          {time}
        </a>,
      )
    else if (address !== undefined)
      found.push(
        <a key={match.index} href={address} rel="noreferrer nofollow ugc" target="_blank">
          {address}
        </a>,
      )
  }
  found.push(text.slice(end))
  return <>{found}</>

  function jump(event: React.MouseEvent, time: string) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    seek(time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0))
  }
}
