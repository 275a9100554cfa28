import {nodeList} from '../calico/node-list.ts'
import type {Why} from '../engine/collected.ts'
import type {Pen} from './screen.ts'

/** Something not seen: a fact, or a fact of one node. */
export interface Unseen {
  readonly why: Why
  readonly detail: string
  readonly fact?: string
  readonly node?: string | undefined
}
export const whyText: Readonly<Record<Why, string>> = {
  absent: 'absent',
  forbidden: 'forbidden',
  timeout: 'timeout',
  unreachable: 'unreachable',
  failed: 'failed',
  'not-collected': 'not asked',
}

/** One line a cause: `forbidden: pods/exec in kube-system (12 nodes: a, b, c, … +9)`. Causes that differ in wording only share a line. */
export function causes(unseen: readonly Unseen[], pen: Pen): string[] {
  const whole = unseen.filter(item => item.node === undefined)
  const ofNodes = unseen.filter(item => item.node !== undefined)
  const lines = [...grouped(whole, item => `${item.why}\0${item.detail}`), ...grouped(ofNodes, item => `${item.why}\0${generic(item)}`)]
  return byWhy(lines, pen)
}

/** Many nodes with a cause of their own each (a pod's name, a port): one line for all, with the first as example. */
function byWhy(groups: readonly Unseen[][], pen: Pen): string[] {
  const crowded = groups.length > mostLines
  const shown = crowded ? grouped(groups.flat(), item => `${item.why}\0${item.node === undefined ? 'all' : 'node'}`) : groups
  return shown.map(group => causeLine(group, pen))
}
const mostLines = 8

function causeLine(group: readonly Unseen[], pen: Pen): string {
  const details = [...new Set(group.map(item => item.detail))]
  const more = details.length > 1 && new Set(group.map(generic)).size > 1 ? ', and others' : ''
  const detail = details[0] ? `: ${pen.safe(details[0], 160)}${more}` : ''
  return `${whyText[group[0]!.why]}${detail}${aboutText(group, pen)}`
}

function aboutText(group: readonly Unseen[], pen: Pen): string {
  const nodes = distinct(group.map(item => item.node))
  const about = nodes.length > 0 ? nodeList(nodes.map(pen.name)) : distinct(group.map(item => item.fact)).join(', ')
  return about === '' ? '' : ` (${about})`
}

/** The same cause on two nodes names another node, or another pod, in its text. */
function generic({detail, node}: Unseen): string {
  if (node === undefined || node === '') return detail
  return detail.replaceAll(node, '<node>').replace(/^exec in ([^\s/]+)\/[^\s:]+/, 'exec in $1/<pod>')
}
const distinct = (names: readonly (string | undefined)[]) => [...new Set(names.filter(name => name !== undefined))]
const grouped = (items: readonly Unseen[], key: (item: Unseen) => string): Unseen[][] => [...Map.groupBy(items, key).values()]
