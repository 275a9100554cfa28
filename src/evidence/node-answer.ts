import type {Missed} from '../bundle/manifest.ts'
import {nothingPrinted, safePart, stderrPath} from '../bundle/paths.ts'
import {type Collected, unknown} from '../engine/collected.ts'
import type {ProbeOutput} from '../engine/collector.ts'
import {cutToBytes} from './node-cut.ts'
import {commandOf, type NodeQuestion} from './node-question.ts'
import type {Evidence} from './task.ts'

/** Which node was asked, when (ISO 8601, our clock), and how long all of that exec took. */
export interface AskedNode {
  readonly node: string
  readonly at: string
  readonly ms: number
  readonly maxFileBytes: number
}

export const pathOn = (node: string, {name}: Pick<NodeQuestion, 'name'>): string => `nodes/${safePart(node)}/${name}`

/** The file a probe's answer becomes, one more for its errors, and whatever of it is missing. An answer that is there is never dropped, whatever its exit status. */
export function* evidenceOf(question: NodeQuestion, answer: Collected<ProbeOutput> | undefined, asked: AskedNode): Generator<Evidence> {
  const seen = answer ?? unknown('failed', 'the answer ended before this probe')
  if (!seen.known) return yield {missed: missedOf(question, asked.node, seen)}
  const output = withNothing(question, seen.value)
  const missed = whatIsMissing(question, output)
  if (missed) yield {missed: missedOf(question, asked.node, missed, output.argv)}
  if (isMissingCommand(output)) return
  if (output.stdout !== '' || output.exit === 0 || nothingMatched(output)) yield file(question, output, asked, 'stdout')
  if (output.stderr.trim() !== '') yield file(question, output, asked, 'stderr')
}

function file(
  question: NodeQuestion,
  {argv, exit, cut, ...streams}: ProbeOutput,
  {node, at, ms, maxFileBytes}: AskedNode,
  stream: 'stdout' | 'stderr',
): Evidence {
  const readable = stream === 'stdout' && question.readable ? question.readable(streams.stdout) : streams[stream]
  const {text, truncated} = cutToBytes(readable, maxFileBytes, question.newest ? 'last' : 'first')
  const path = pathOn(node, question)
  // What `timeout` ended may have had more to say.
  const unfinished = stream === 'stdout' && (cut !== undefined || exit === timedOut)
  const origin = {source: commandOf(question, argv), node, at, ms, exit, truncated: truncated || unfinished}
  return {file: {path: stream === 'stdout' ? path : stderrPath(path), ...origin, text: readable === '' ? nothingPrinted(origin.source, exit) : text}}
}

const timedOut = 124
/** In brackets and by name, for these words are ours and not the node's. */
function withNothing({nothing}: NodeQuestion, output: ProbeOutput): ProbeOutput {
  const isNothing = nothing?.isAnswer === true && output.exit === nothing.exit && output.stdout === ''
  return isNothing ? {...output, stdout: `(calico-doctor: ${nothing.detail})\n`} : output
}

/** grep read all there is, and no line of it is like that: an answer as good as any. */
const nothingMatched = ({argv, exit, stderr}: ProbeOutput) => argv[0] === 'grep' && exit === 1 && stderr === ''
const isMissingCommand = ({exit}: ProbeOutput) => exit === 126 || exit === 127

function whatIsMissing({nothing}: NodeQuestion, output: ProbeOutput): Pick<Missed, 'why' | 'detail'> | undefined {
  const {exit, stdout, stderr} = output
  if (isMissingCommand(output)) return {why: 'absent', detail: 'this image has no such command'}
  if (exit === nothing?.exit && stdout === '') return {why: 'absent', detail: nothing.detail}
  if (exit === timedOut) return {why: 'timeout', detail: stdout === '' ? 'no answer in its time' : 'ended after its time; what it had printed is kept'}
  if (exit === 0 || stdout !== '' || nothingMatched(output)) return undefined
  const said = firstLine(stderr)
  return {why: isNoSuchFile(stderr) ? 'absent' : 'failed', detail: said === '' ? `exit ${exit}, and not a word` : `exit ${exit}: ${said}`}
}

/** Of a file that was to be read. BIRD's socket that is not there is another matter: then BIRD does not run. */
const isNoSuchFile = (stderr: string) => /^(?:cat|grep|ls|sh|tail): .*No such file or directory\s*$/m.test(stderr)
const firstLine = (text: string) => text.trim().split('\n', 1)[0]!.slice(0, 200)

const missedOf = (question: NodeQuestion, node: string, {why, detail}: Pick<Missed, 'why' | 'detail'>, argv = question.tries[0]): Missed => ({
  node,
  source: commandOf(question, argv),
  why,
  detail,
})
