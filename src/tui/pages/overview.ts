import type {Collected} from '../../engine/collected.ts'
import type {ClusterDescription} from '../../engine/describe-cluster.ts'
import {causes, whyText} from '../../reporters/causes.ts'
import {clusterLabels} from '../../reporters/cluster-labels.ts'
import {type Mark, penFor} from '../../reporters/screen.ts'
import {ageText} from '../ages.ts'
import {empty, type Line, line, ours, type Span, safe} from '../line.ts'
import {field, heading, paragraph} from '../page.ts'
import {remember, rememberEach} from '../remember.ts'
import type {NodeEntry, State} from '../state.ts'
import {type FindingRow, findings} from '../tables/findings.ts'
import {markCell} from '../tables/marks.ts'

/** What is wrong, how much of the cluster was seen, and what it is: the first lines fit any screen. */
export function overviewPage(state: State, width: number): Line[] {
  return [
    ...countsBlock(state, width),
    ...sessionsBlock(state, width),
    ...seenBlock(state, width),
    empty,
    ...worstBlock(state, width),
    empty,
    ...clusterBlock(state, width),
  ]
}

const markOf = (mark: Mark, {look}: State): Span => markCell(mark, look)
/** So many are shown here; the view has them all. */
const mostShown = 8

function countsBlock(state: State, width: number): Line[] {
  const {report} = state
  if (!report) return field('Findings', 'nothing was judged yet', width, {mark: markOf('unknown', state)})
  const {error, warning, info, pass, unknown, crashed, notApplicable} = report.report.summary
  const counts: [number, Mark, string][] = [
    [error, 'error', error === 1 ? 'error' : 'errors'],
    [warning, 'warning', warning === 1 ? 'warning' : 'warnings'],
    [info, 'info', 'info'],
    [unknown + crashed, 'unknown', 'not judged'],
    [pass, 'pass', 'passed'],
    [notApplicable, 'not-applicable', 'not applicable'],
  ]
  const worst = counts.find(([count]) => count > 0)?.[1] ?? 'not-applicable'
  const [head] = field('Findings', '', width, {mark: markOf(worst, state)})
  const spans = counts.flatMap(([count, mark, word]): Span[] =>
    count === 0 ? [] : [{text: `${count} ${word}  `, style: mark === worst ? markOf(mark, state).style! : 'plain'}],
  )
  return [{spans: [...head!.spans, ...spans]}]
}

function worstBlock(state: State, width: number): Line[] {
  if (!state.report) return []
  const {error, warning, info, unknown, crashed} = state.report.report.summary
  const rows = findings.rows(state) as readonly FindingRow[]
  const shown = rows.filter(row => row.finding).slice(0, mostShown)
  const more = error + warning + info - shown.length
  if (shown.length === 0) return [line({text: unknown + crashed > 0 ? 'No problem in what was seen; not all was seen.' : 'No problem found.', style: 'strong'})]
  return [...shown.flatMap(row => findingLines(row, state, width)), ...(more > 0 ? [line(`  +${more} more: key 6`)] : [])]
}

/** What the first rounds found may have been there for long: nobody looked. */
const firstRoundsMs = 20_000

/** Two lines at most: Enter on Findings has it all. */
function findingLines({mark, text, check, since}: FindingRow, state: State, width: number): Line[] {
  const isNew = since !== undefined && !state.frozen && since > state.startedAt + firstRoundsMs
  const age = isNew ? ` (new, ${ageText(state.now - since)} ago)` : ''
  const lines = paragraph(`${safe(text, state.look, 300)}${age}`, width - 2, {indent: 2})
  const [first, second] = lines
  const {spans} = first ?? line(check.id)
  return [
    {spans: [markOf(mark, state), {text: ' '}, ...spans.slice(1)]},
    ...(second ? [lines.length > 2 ? {spans: [...second.spans, {text: ' …'}]} : second] : []),
  ]
}

const countsOf = rememberEach(({bgp, flaps}: NodeEntry) => {
  const rows = bgp.value?.rows ?? []
  return {
    sessions: rows.length,
    established: rows.filter(({status}) => status === 'established').length,
    down: rows.filter(({status}) => status === 'down').length,
    flapped: Object.keys(flaps).length,
    asked: bgp.at !== undefined || bgp.trouble !== undefined,
    unseen: bgp.trouble !== undefined,
  }
})
export type SessionCounts = Record<'sessions' | 'established' | 'down' | 'flapped' | 'asked' | 'unseen', number>
export const sessionCounts = remember((nodes: State['nodes']): SessionCounts => {
  const sum = {sessions: 0, established: 0, down: 0, flapped: 0, asked: 0, unseen: 0}
  for (const entry of nodes.values()) {
    const counts = countsOf(entry)
    sum.sessions += counts.sessions
    sum.established += counts.established
    sum.down += counts.down
    sum.flapped += counts.flapped
    sum.asked += Number(counts.asked)
    sum.unseen += Number(counts.unseen)
  }
  return sum
})

function sessionsBlock(state: State, width: number): Line[] {
  const {sessions, established, down, flapped, asked, unseen} = sessionCounts(state.nodes)
  const off = [...state.nodes.values()].find(({bgp}) => bgp.value?.off !== undefined)?.bgp.value?.off
  const mark = down > 0 ? 'error' : unseen > 0 || asked === 0 ? 'unknown' : sessions === 0 ? 'not-applicable' : 'pass'
  const text =
    asked === 0
      ? 'the nodes were not asked yet'
      : sessions === 0
        ? off === undefined
          ? 'no BGP session was seen'
          : `no BGP: ${safe(off, state.look)}`
        : `${established} of ${sessions} sessions established${down > 0 ? `, ${down} down` : ''}`
  const flaps = flapped > 0 ? `; ${flapped} ${flapped === 1 ? 'session has' : 'sessions have'} flapped since the start` : ''
  return field('BGP', `${text}${flaps}`, width, {mark: markOf(mark, state)})
}

function seenBlock(state: State, width: number): Line[] {
  const {report, look} = state
  if (!report) return field('Seen', 'looking ...', width, {mark: markOf('unknown', state)})
  const {percent, nodes, facts} = report.report.coverage
  const pen = penFor({width, colour: false, unicode: look.unicode})
  const asked = nodes.wanted > 0 ? `; ${nodes.seen} of ${nodes.wanted} nodes answered in full` : ''
  const lines = causes([...facts.missing, ...nodes.missing], pen)
  return [
    ...field('Seen', `${percent} % of what the checks need${asked}`, width, {mark: markOf(percent === 100 ? 'pass' : 'unknown', state)}),
    ...lines.flatMap(text => field('  not seen', text, width, {mark: markOf('unknown', state)})),
  ]
}

function clusterBlock(state: State, width: number): Line[] {
  const {cluster} = state
  if (!cluster) return [heading('Cluster'), line('  Looking ...')]
  const rows = (Object.keys(clusterLabels) as (keyof ClusterDescription)[]).flatMap(key =>
    field(clusterLabels[key], textOf(cluster.cluster[key], state), width),
  )
  return [heading('Cluster'), ...rows]
}

function textOf(collected: Collected<string | number>, {look}: State): string {
  if (!collected.known) return ours(collected.why === 'absent' ? 'not there' : `not seen (${whyText[collected.why]}): ${safe(collected.detail, look)}`, look)
  return `${safe(String(collected.value), look)}${collected.partial === undefined ? '' : ` (seen in part: ${safe(collected.partial, look)})`}`
}
