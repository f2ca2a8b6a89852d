import type { ReactNode } from 'react'
import './table.css'

export type Column<Row> = {
  label: string
  cell(row: Row): ReactNode
  /** Names the row: on phones it is the head of its card. */
  isName?: boolean
  /** Numbers and times stand at the end, in even figures. */
  isNumber?: boolean
  /** Acts have no name of their own above them, but screen readers hear one. */
  isActs?: boolean
}

type Props<Row> = { caption: string; columns: readonly Column<Row>[]; rows: readonly Row[]; keyOf(row: Row): string }

/** A table where there is room, a card for each row where there is not. The roles are said, because the cards' layout would take them away. */
export function Table<Row>({ caption, columns, rows, keyOf }: Props<Row>) {
  return (
    <table className="table" role="table">
      <caption className="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ label, isNumber, isActs }) => (
            <th key={label} role="columnheader" scope="col" className={isNumber ? 'table-number' : undefined}>
              <span className={isActs ? 'unseen' : undefined}>{label}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map((column) => (
              <Cell key={column.label} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { label, cell, isName, isNumber, isActs } = column
  const className = isName ? 'table-name' : isActs ? 'table-acts' : isNumber ? 'table-number' : undefined
  if (isName) {
    return (
      <th className={className} role="rowheader" scope="row">
        {cell(row)}
      </th>
    )
  }
  return (
    <td className={className} role="cell" data-label={isActs ? undefined : label}>
      {cell(row)}
    </td>
  )
}
