import type {Report} from '../engine/report.ts'
import {causes, type Unseen} from './causes.ts'
import type {Pen} from './screen.ts'

export const amount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** One sentence. It never says that all is well while something was not judged. */
export function resultText({summary, cluster}: Report): string {
  const {error, warning, info, pass, unknown, notApplicable, suppressed, crashed} = summary
  const found = [...(error > 0 ? [amount(error, 'error')] : []), ...(warning > 0 ? [amount(warning, 'warning')] : []), ...(info > 0 ? [`${info} info`] : [])]
  const others = [
    `${amount(pass, 'check')} passed`,
    ...(unknown > 0 ? [`${unknown} could not be judged`] : []),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    ...(notApplicable > 0 ? [`${notApplicable} not applicable`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ]
  const absent = !cluster.install.known && cluster.install.why === 'absent' ? `${absentText(cluster)}; ` : ''
  const nothing = unknown + crashed > 0 ? 'no problem in what was seen' : 'no problem found'
  return capital(`${absent}${found.length > 0 ? found.join(', ') : nothing}; ${others.join(', ')}`)
}
const absentText = ({apiGroup}: Report['cluster']) =>
  apiGroup.known ? "No DaemonSet runs calico-node here, although the API serves Calico's resources" : 'No Calico found in this cluster'
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** How much of what the checks need was seen, then why the rest was not. */
export function seenLines({coverage}: Report, pen: Pen): string[] {
  const {percent, nodes, facts} = coverage
  const asked = nodes.wanted > 0 ? `; ${nodes.seen} of ${amount(nodes.wanted, 'node')}` : ''
  return [`${percent} % of what these checks need${asked}`, ...causes([...facts.missing, ...nodes.missing] satisfies Unseen[], pen)]
}

export const tookText = ({durationMs}: Report): string => (durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)} s` : `${Math.round(durationMs / 1000)} s`)

/** Never wrapped: they are there to be pasted. */
export function nextCommands({checks, coverage}: Report): string[] {
  const rank = {error: 0, warning: 1, info: 2}
  const [first] = checks.flatMap(({findings, id}) => findings.map(({severity}) => ({id, severity}))).sort((a, b) => rank[a.severity] - rank[b.severity])
  const missing = [...coverage.facts.missing, ...coverage.nodes.missing]
  return [
    ...(first ? [`calico-doctor explain ${first.id}`] : []),
    ...(missing.some(({why}) => why === 'forbidden') ? ['calico-doctor check --print-rbac'] : []),
  ]
}
