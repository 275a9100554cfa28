import Table from 'cli-table3'

/** No borders, and no colours of cli-table3's own: it would paint head and border even into a pipe. */
const plain = {
  chars: Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
      'middle',
    ].map(part => [part, '']),
  ),
  style: {head: [], border: [], 'padding-left': 0, 'padding-right': 2},
}

/** Rows in columns, two blanks between them. Cells may hold colour and line breaks. `widths`: columns to share with other grids. */
export function grid(rows: readonly (readonly string[])[], {indent = 0, widths = []}: {indent?: number; widths?: readonly (number | null)[]} = {}): string[] {
  if (rows.length === 0) return []
  const table = new Table({...plain, colWidths: [...widths]})
  table.push(...rows.map(row => [...row]))
  return table
    .toString()
    .split('\n')
    .map(line => `${' '.repeat(indent)}${line}`.trimEnd())
}
