import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'

type Lasting = { show(node: ReactNode): void }

const Show = createContext<Lasting>({ show: () => undefined })
const Shown = createContext<ReactNode>(null)

/** What a page begins and the next pages do not end: a film that goes on in a corner. */
export function LastingProvider({ children }: { children: ReactNode }) {
  const [node, setNode] = useState<ReactNode>(null)
  const lasting = useMemo<Lasting>(() => ({ show: setNode }), [])
  return (
    <Show value={lasting}>
      <Shown value={node}>{children}</Shown>
    </Show>
  )
}

export function useLasting(): Lasting {
  return useContext(Show)
}

export function LastingPlace() {
  return <>{useContext(Shown)}</>
}
