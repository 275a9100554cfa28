import type {NodeStatus} from '../calico/node-status-model.ts'
import {jsonText, yamlText} from './machine-text.ts'
import type {Screen} from './screen.ts'
import {nodeStatusTable} from './table-node-status.ts'

export const nodeStatusFormats = ['table', 'wide', 'json', 'yaml'] as const
export type NodeStatusFormat = (typeof nodeStatusFormats)[number]

/** One page or one document, ending in a line break. `wide` is the table with the columns that `nodeStatusOf(…, {wide: true})` filled. */
export const renderNodeStatus = (status: NodeStatus, format: NodeStatusFormat, screen: Screen): string => [...nodeStatusPieces(status, format, screen)].join('')

/** The same, to be written piece by piece: a million sessions in one string are 200 MB, and of three million JavaScript has no string. */
export function* nodeStatusPieces(status: NodeStatus, format: NodeStatusFormat, screen: Screen): Generator<string> {
  if (format === 'yaml') yield* yamlPieces(status)
  else if (format !== 'json') yield nodeStatusTable(status, screen)
  else if (status.totals.sessions > mostLaidOut) yield* nodeStatusLine(status)
  else yield `${jsonText(nodeStatusDocument(status))}\n`
}
/** More than so many nobody reads. */
const mostLaidOut = 100_000

/** The JSON document on one line, by node. */
export function* nodeStatusLine(status: NodeStatus): Generator<string> {
  const {nodes, notSeen, withoutBgp, ...head} = nodeStatusDocument(status)
  yield `${jsonText(head, 0).slice(0, -1)},"nodes":[`
  for (const [index, node] of nodes.entries()) yield `${index > 0 ? ',' : ''}${jsonText(node, 0)}`
  yield `],${jsonText({notSeen, withoutBgp}, 0).slice(1)}\n`
}

function* yamlPieces(status: NodeStatus): Generator<string> {
  const {nodes, notSeen, withoutBgp, ...head} = nodeStatusDocument(status)
  yield yamlText(head)
  yield nodes.length === 0 ? yamlText({nodes}) : 'nodes:\n'
  for (const node of nodes) yield yamlText({nodes: [node]}).slice('nodes:\n'.length)
  yield yamlText({notSeen, withoutBgp})
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
