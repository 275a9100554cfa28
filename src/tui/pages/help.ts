import {empty, type Line, line, ours} from '../line.ts'
import {heading} from '../page.ts'
import type {State} from '../state.ts'

const keys: readonly (readonly [string, string])[] = [
  ['1 … 6, Tab', 'Overview, Peers, Nodes, Felix, Typha & IPAM, Findings'],
  ['arrows, j k', 'one row down, up'],
  ['PgDn PgUp, Ctrl-F Ctrl-B', 'one page down, up'],
  ['g G, Home End', 'first row, last row'],
  ['Enter', 'open the row: all of a session, of a node, of a finding'],
  ['Esc', 'back; then drop the filter'],
  ['/', 'filter: a regular expression without regard to case; ! before it turns it round'],
  ['s S', 'sort by the next column; the other way round'],
  ['c', 'copy a command of this fix to the clipboard of the terminal; c again: the next'],
  ['r', 'look again at this one, now'],
  ['p', 'pause: ask nothing more, until p again'],
  ['right left', 'in a replay: one round on, one back'],
  ['w', 'write what is seen now as a bundle, for check --bundle'],
  ['Ctrl-Z', 'to the shell; fg comes back'],
  ['Ctrl-L', 'draw the screen anew'],
  ['q, Ctrl-C', 'quit'],
]
const signs: readonly (readonly [string, string])[] = [
  ['✗', 'an error, or down'],
  ['!', 'a warning; after a value: nearly all other nodes have another'],
  ['?', 'not seen, or not known: never a pass'],
  ['✓', 'seen and well'],
  ['-', 'not applicable, or no such number'],
  ['~12s', 'old: the last try failed, or none was made for long; drawn faint'],
]

export function helpPage({look}: State): Line[] {
  const row = ([key, text]: readonly [string, string]) => line('  ', {text: ours(key.padEnd(26), look), style: 'accent'}, ours(text, look))
  return [heading('Keys'), ...keys.map(row), empty, heading('Signs'), ...signs.map(row)]
}
