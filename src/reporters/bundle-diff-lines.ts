import {isWorse} from '../calico/diff-findings.ts'
import type {Change, Compared, LookDiff, LookSide, NotComparable, Peer, SessionChange} from '../calico/diff-model.ts'
import {nodeList} from '../calico/node-list.ts'
import {whyText} from './causes.ts'
import type {Mark, Pen} from './screen.ts'
import {amount} from './totals.ts'

/** One difference as text: what, how it was, how it is; and on which nodes. */
export interface Line {
  readonly mark?: Mark
  readonly what: string
  readonly before: string
  readonly after: string
}
export interface Part {
  readonly title: string
  readonly lines: readonly Line[]
  readonly notComparable: readonly string[]
}

/** Everything but the findings, in the order of a page; texts safe to show. */
export const partsOf = (diff: LookDiff, pen: Pen): Part[] => [
  partOf('Versions', diff.versions, change => changeLine(change, pen), pen),
  partOf('Configuration', diff.configuration, change => changeLine(change, pen), pen),
  partOf('Nodes', diff.nodes, change => changeLine(change, pen), pen),
  partOf('BGP sessions', diff.sessions, change => sessionLine(change, pen), pen),
  partOf('Routes', diff.routes, change => changeLine(change, pen), pen),
]

const partOf = <T>(title: string, {changes, notComparable}: Compared<T>, line: (change: T) => Line, pen: Pen): Part => ({
  title,
  lines: changes.map(line),
  notComparable: notComparable.map(item => notComparableText(item, pen)),
})

/** Where a long text differs, rather than its beginning twice. */
function changeLine({what, before, after, nodes}: Change, pen: Pen): Line {
  const on = nodes.length === 0 ? '' : ` (${nodeList(nodes.map(pen.name))})`
  const [was, is] = before !== null && after !== null ? unlike(before, after) : [before, after]
  return {what: `${pen.safe(what, 200)}${on}`, before: valueText(was, pen), after: valueText(is, pen)}
}
const valueText = (value: string | null, pen: Pen) => (value === null ? absent : value === '' ? "''" : pen.safe(value, longest))
const longest = 120
const absent = 'not there'

function unlike(before: string, after: string): [string, string] {
  if (before.length <= longest && after.length <= longest) return [before, after]
  let same = 0
  while (same < before.length && before[same] === after[same]) same++
  const from = Math.max(0, same - 30)
  const cut = (text: string) => `${from > 0 ? '…' : ''}${text.slice(from)}`
  return [cut(before), cut(after)]
}

const marks: Readonly<Record<SessionChange['turn'], Mark>> = {worse: 'error', better: 'pass', other: 'info'}
function sessionLine({sessions, family, nodes, peers, before, after, turn}: SessionChange, pen: Pen): Line {
  const from = nodes.length === 1 ? pen.name(nodes[0]!) : nodeList(nodes.map(pen.name))
  const to = peers.length === 0 ? family : peersText(peers, pen)
  return {
    mark: marks[turn],
    what:
      peers.length === 0 ? `${from}: ${to}` : `${from} → ${to}${nodes.length > 1 && peers.length > 1 ? ` (${sessions.toLocaleString('en')} sessions)` : ''}`,
    before: before === null ? (peers.length === 0 ? absent : 'no session') : pen.safe(before, 160),
    after: after === null ? (peers.length === 0 ? absent : 'no session') : pen.safe(after, 160),
  }
}

function peersText(peers: readonly Peer[], pen: Pen): string {
  const names = peers.map(({address, node}) => `${pen.name(address)}${node === null ? '' : ` (${pen.name(node)})`}`)
  return names.length === 1 ? names[0]! : `${names.length} peers: ${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … +${names.length - 3}` : ''}`
}

/** `links in B of 3 nodes: a, b, c: timeout, no complete answer in 15 s`. */
export function notComparableText({what, side, why, detail, nodes}: NotComparable, pen: Pen): string {
  const where = side === 'both' ? 'in both' : `in ${side}`
  const of = nodes.length === 0 ? '' : ` of ${nodeList(nodes.map(pen.name))}`
  const [how, reason] = detail.startsWith(inPart)
    ? ['seen in part', [detail.slice(inPart.length)]]
    : ['not seen', [whyText[why], ...(detail === '' ? [] : [detail])]]
  return `${pen.safe(what, 100)}${of} ${how} ${where}: ${pen.safe(reason.join(', '), 200)}`
}

const inPart = 'seen in part: '

/** `A  before.tar.gz, 2026-11-21 03:16 UTC, 100 % seen, 12 of 12 nodes`. */
export function sideText({file, takenAt, coverage, nodesSeen, nodesWanted}: LookSide, pen: Pen): string {
  const nodes = nodesWanted === 0 ? 'no node asked' : `${nodesSeen} of ${amount(nodesWanted, 'node')} in full`
  return `${pen.safe(file, 200)}, ${takenAt.slice(0, 10)} ${takenAt.slice(11, 16)} UTC, ${coverage} % of what the checks need, ${nodes}`
}

export function resultLine(diff: LookDiff): {mark: Mark; text: string} {
  const {new: fresh, fixed, still, notJudged, checksNotJudged} = diff.findings
  const others = [diff.versions, diff.configuration, diff.nodes, diff.sessions, diff.routes]
  const changes = others.reduce((sum, {changes}) => sum + changes.length, 0)
  const blind = diff.a.coverage < 100 || diff.b.coverage < 100 || others.some(({notComparable}) => notComparable.some(isUnseen))
  const unseen = blind || notJudged.length + checksNotJudged.length > 0
  const worse = still.filter(isWorse).length
  if (fresh.length + fixed.length + changes + worse === 0 && still.every(({cleared, notSeen}) => cleared.length + notSeen.length === 0))
    return unseen
      ? {mark: 'unknown', text: `No difference in what could be compared; ${standing(still.length)}`}
      : {mark: 'pass', text: `No difference; ${standing(still.length)}`}
  const parts = [
    ...(fresh.length > 0 ? [`${fresh.length} new`] : []),
    ...(worse > 0 ? [`${worse} worse`] : []),
    ...(fixed.length > 0 ? [`${fixed.length} fixed`] : []),
    ...(still.length - worse > 0 ? [`${still.length - worse} still there`] : []),
    ...(notJudged.length > 0 ? [`${notJudged.length} no longer judged`] : []),
  ]
  const bad = fresh[0] ?? still.find(isWorse)
  const untold = notJudged.length + checksNotJudged.length > 0
  const mark = bad ? bad.finding.severity : untold ? 'unknown' : fixed.length > 0 ? 'pass' : 'info'
  return {mark, text: `Findings: ${parts.join(', ') || 'none in either'}; ${amount(changes, 'other difference')}`}
}
/** Routes that nobody asked for are no gap: only `bundle collect --wide` does. */
const isUnseen = ({what, why, nodes}: NotComparable) => !(what === 'routes' && why === 'not-collected' && nodes.length === 0)
const standing = (count: number) => (count === 0 ? 'no findings in either' : `the same ${amount(count, 'finding')} in both`)
