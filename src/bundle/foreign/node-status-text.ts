/** What stands before the address in BIRD's names, by calicoctl's words for it (calicoctl: commands/node/status.go). */
const prefixes: ReadonlyMap<string, string> = new Map([
  ['node-to-node mesh', 'Mesh'],
  ['node specific', 'Node'],
  ['global', 'Global'],
])

export const isNodeStatus = (text: string): boolean => /^IPv[46] BGP status[ \t\r]{0,20}$/m.test(text)

/**
 * The table of `calicoctl node status` as the rows of `birdcl show protocols` that it was made from; undefined where there is no such table for this family.
 * `whole`: every row could be turned back.
 */
export function protocolsIn(text: string, family: 4 | 6): {readonly rows: string; readonly whole: boolean} | undefined {
  const lines = sectionOf(text, family)
  const cells = unwrapped(lines.filter(line => line.startsWith('|') && !line.includes('PEER ADDRESS')).map(cellsOf))
  if (cells.length === 0 && !lines.includes(`No IPv${family} peers found.`)) return undefined
  const rows = cells.flatMap(row => rowOf(row) ?? [])
  return {rows: ['name     proto    table    state  since       info', ...rows, ''].join('\n'), whole: rows.length === cells.length}
}

function sectionOf(text: string, family: 4 | 6): string[] {
  const lines = text.split('\n').map(line => line.trim())
  const from = lines.indexOf(`IPv${family} BGP status`)
  const to = lines.indexOf(`IPv${family === 4 ? 6 : 4} BGP status`, from + 1)
  return from < 0 ? lines.filter(line => line === `No IPv${family} peers found.`) : lines.slice(from, to < 0 ? undefined : to)
}

/** A long INFO goes on in rows that have nothing else. */
function unwrapped(rows: readonly (readonly string[])[]): string[][] {
  const whole: string[][] = []
  for (const row of rows) {
    const above = whole.at(-1)
    if (above && row.slice(0, 4).every(cell => cell === '')) above[4] = `${above[4] ?? ''} ${row[4] ?? ''}`.trim()
    else whole.push([...row])
  }
  return whole
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())

function rowOf([peer = '', type = '', state = '', since = '', info = '']: readonly string[]): string | undefined {
  const prefix = prefixes.get(type)
  // calicoctl made the address out of the name; this is the way back.
  return prefix !== undefined && /^[0-9A-Fa-f.:]{2,45}$/.test(peer) && /^\w+$/.test(state) && /^\S+$/.test(since)
    ? `${prefix}_${peer.replaceAll(/[.:]/g, '_')} BGP master ${state} ${since} ${info}`
    : undefined
}
