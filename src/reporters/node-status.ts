import type {NodeStatus} from '../calico/node-status-model.ts'
import {jsonText, yamlText} from './machine-text.ts'
import type {Screen} from './screen.ts'
import {nodeStatusTable} from './table-node-status.ts'

export const nodeStatusFormats = ['table', 'wide', 'json', 'yaml'] as const
export type NodeStatusFormat = (typeof nodeStatusFormats)[number]

/** One page or one document, ending in a line break. `wide` is the table with the columns that `nodeStatusOf(…, {wide: true})` filled. */
export function renderNodeStatus(status: NodeStatus, format: NodeStatusFormat, screen: Screen): string {
  if (format === 'json') return `${jsonText(nodeStatusDocument(status), indentOf(status))}\n`
  if (format === 'yaml') return yamlText(nodeStatusDocument(status))
  return nodeStatusTable(status, screen)
}

/** docs/node-status.schema.json says what is in it. */
export const nodeStatusDocument = ({totals, nodes, notSeen, withoutBgp, problemsOnly}: NodeStatus) => ({
  apiVersion: 'calico-doctor/v1',
  kind: 'NodeStatus',
  totals,
  problemsOnly,
  nodes,
  notSeen,
  withoutBgp,
})

/** A million sessions laid out for people would be longer than a JavaScript string can be. */
const indentOf = ({totals}: NodeStatus) => (totals.sessions > 100_000 ? 0 : 2)
