import {type Collected, type Unknown, unknown} from '../engine/collected.ts'
import type {Limits, NodeDoor, NodeToAsk, Probe, ProbeOutput} from '../engine/collector.ts'
import type {AskedNode} from './node-answer.ts'
import type {NodeQuestion} from './node-question.ts'

/** One node as all of its tasks know it. */
export interface NodeVisit {
  readonly node: NodeToAsk
  readonly door: NodeDoor
  /** Waits until nothing else is asked of this node; call what it gives when done. */
  readonly turn: () => Promise<() => void>
  /** Why the node as a whole cannot be asked, once that is known: said once, not for each probe. */
  silent?: Unknown
  /** It answered something. */
  heard?: boolean
}
type Answers = ReadonlyMap<string, Collected<ProbeOutput>>
export interface NodeAnswers {
  readonly answers: Answers
  readonly asked: Omit<AskedNode, 'maxFileBytes'>
  /** Why nothing more will be had of this node. */
  readonly silence: Unknown | undefined
}
export interface AskOptions {
  readonly limits: Limits
  /** For questions that have no number of their own. */
  readonly maxLines: number
  /** Why, after these answers, the node is not worth asking again; undefined: it is. */
  readonly silenceIn: (answers: Answers) => Unknown | undefined
}

/** A queue of one: an iptables dump beside a dump of nft would double what calico-node's own cgroup has to bear. */
export function oneAtATime(): NodeVisit['turn'] {
  let last = Promise.resolve()
  return async () => {
    const before = last
    let done = () => {}
    last = new Promise(resolve => (done = resolve))
    await before
    return done
  }
}

/** One exec, after those before it; undefined when one of them found that the node as a whole says nothing. Never throws. */
export async function askNode(
  visit: NodeVisit,
  questions: readonly NodeQuestion[],
  {limits, maxLines, silenceIn}: AskOptions,
): Promise<NodeAnswers | undefined> {
  const done = await visit.turn()
  try {
    if (visit.silent) return undefined
    const [at, started] = [new Date().toISOString(), performance.now()]
    const answers = await answersOf(visit, new Map(questions.map(question => [question.name, probeOf(question, maxLines)])), limits)
    const silence = silenceIn(answers)
    if (silence && !visit.heard) visit.silent = silence
    visit.heard ||= [...answers.values()].some(({known}) => known)
    return {answers, asked: {node: visit.node.name, at, ms: Math.round(performance.now() - started)}, silence}
  } finally {
    done()
  }
}

async function answersOf({door, node}: NodeVisit, probes: ReadonlyMap<string, Probe>, limits: Limits): Promise<Answers> {
  if (limits.signal?.aborted) return toAll(probes, tooLate(limits.signal))
  try {
    return await door.ask(node, probes, limits)
  } catch (error) {
    return toAll(probes, unknown('failed', error instanceof Error ? error.message : String(error)))
  }
}

const probeOf = ({tries, maxLines}: NodeQuestion, otherwise: number): Probe => ({tries, maxLines: Math.min(maxLines ?? otherwise, otherwise)})
const toAll = (probes: ReadonlyMap<string, Probe>, answer: Unknown) => new Map([...probes.keys()].map(name => [name, answer]))

/** The one reason why no question has an answer; undefined when some have, or reasons differ. */
export function wholeSilence(answers: Answers): Unknown | undefined {
  const [first, ...others] = answers.values()
  if (!first || first.known) return undefined
  return others.every(other => !other.known && other.why === first.why && other.detail === first.detail) ? first : undefined
}

function tooLate({reason}: AbortSignal): Unknown {
  return reason instanceof Error && reason.name === 'Interrupted'
    ? unknown('not-collected', 'interrupted before this was asked')
    : unknown('timeout', 'the overall time was over before this was asked')
}
