type Props<T extends string> = { of: readonly T[]; chosen: T; choose(one: T): void; nameOf(one: T): string }

/** A few choices in a row, of which one holds. */
export function Chips<T extends string>({ of, chosen, choose, nameOf }: Props<T>) {
  return (
    <div className="pick-row">
      {of.map((one) => (
        <button key={one} type="button" className="pick-chip" aria-pressed={one === chosen} onClick={() => choose(one)}>
          {nameOf(one)}
        </button>
      ))}
    </div>
  )
}
