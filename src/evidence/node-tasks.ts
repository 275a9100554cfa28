import type {Missed} from '../bundle/manifest.ts'
import type {Unknown} from '../engine/collected.ts'
import type {Limits, NodeToAsk} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {evidenceOf} from './node-answer.ts'
import {type AskOptions, askNode, type NodeVisit, oneAtATime, wholeSilence} from './node-ask.ts'
import {heavyQuestions} from './node-heavy.ts'
import {lightQuestions} from './node-light.ts'
import {commandOf, type NodeQuestion, type NodeSize} from './node-question.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** One exec of light probes prints less, even on a thousand nodes. */
const lightBytes = 6 * 1024 ** 2
/** A rule in iptables-save is 150 to 250 bytes. */
const lineBytes = 200
const execMs = 150

/**
 * What each node says for people to read: for each one task with all that is cheap, in two execs, then one with the dumps of iptables, nft, ipset and eBPF,
 * each in an exec of its own. Light ones come first in the list; whatever order they are run in, a node answers one exec at a time. Each exec may take
 * `limits.timeoutMs`, and none begins after `limits.signal`. A node that cannot be asked at all is missed once.
 */
export function nodeEvidenceTasks(context: EvidenceContext): EvidenceTask[] {
  const {door} = context
  if (!door) return context.nodes.map(notAsked)
  const visits = context.nodes.map((node): NodeVisit => ({node, door, turn: oneAtATime()}))
  return [...visits.map(visit => lightTask(visit, context)), ...visits.map(visit => heavyTask(visit, context))]
}

const notAsked = ({name}: NodeToAsk): EvidenceTask => ({
  what: `${name}: not asked`,
  node: name,
  estimate: {bytes: 0, ms: 0},
  maxBytes: 0,
  async *run() {
    yield {missed: {node: name, why: 'not-collected', detail: 'nodes were not asked (--exec none)'}}
  },
})

function lightTask(visit: NodeVisit, {facts, options}: EvidenceContext): EvidenceTask {
  const {name} = visit.node
  const rounds = lightQuestions({bird: mayRunBird(facts), tailLines: options.tailLines, bigEndian: isBigEndian(name, facts)})
  return {
    what: `${name}: routes, links, BIRD, kernel, CNI`,
    node: name,
    estimate: estimateOf(rounds.flat(), {size: sizeOf(name, facts), execs: rounds.length, maxFileBytes: options.maxFileBytes}),
    // As bytes, and then as text.
    maxBytes: 2 * lightBytes,
    run: limits => askTogether(visit, rounds, {...limits, maxBytes: Math.min(limits.maxBytes, lightBytes)}, options.maxFileBytes),
  }
}

async function* askTogether(visit: NodeVisit, rounds: readonly (readonly NodeQuestion[])[], limits: Limits, maxFileBytes: number): AsyncGenerator<Evidence> {
  for (const [index, questions] of rounds.entries()) {
    const said = await askNode(visit, questions, {limits, maxLines: Number.POSITIVE_INFINITY, silenceIn: wholeSilence})
    if (!said) return
    if (said.silence) return yield {missed: restMissed(visit, rounds.slice(index).flat(), said.silence)}
    for (const question of questions) yield* evidenceOf(question, said.answers.get(question.name), {...said.asked, maxFileBytes})
  }
}

function heavyTask(visit: NodeVisit, {facts, options}: EvidenceContext): EvidenceTask {
  const {name} = visit.node
  const ebpf = mayBeEbpf(facts)
  const questions = heavyQuestions({ebpf})
  const {maxFileBytes} = options
  return {
    what: `${name}: iptables, ipset, nft${ebpf ? ', eBPF' : ''}`,
    node: name,
    estimate: estimateOf(questions, {size: sizeOf(name, facts), execs: questions.length, maxFileBytes}),
    maxBytes: 2 * dumpBytes(maxFileBytes),
    run: limits => askOneByOne(visit, questions, {...limits, maxBytes: Math.min(limits.maxBytes, dumpBytes(maxFileBytes))}, maxFileBytes),
  }
}

/** One exec's answer, with room for its frame and for lines longer than usual: a flood would lose all of it. */
const dumpBytes = (maxFileBytes: number) => 2 * maxFileBytes + 64 * 1024

async function* askOneByOne(visit: NodeVisit, questions: readonly NodeQuestion[], limits: Limits, maxFileBytes: number): AsyncGenerator<Evidence> {
  const maxLines = Math.max(100, Math.floor(Math.min(maxFileBytes, limits.maxBytes / 2) / lineBytes))
  const silenceIn = silenceOfDumps()
  for (const [index, question] of questions.entries()) {
    const said = await askNode(visit, [question], {limits, maxLines, silenceIn})
    if (!said) return
    if (said.silence) return yield {missed: restMissed(visit, questions.slice(index), said.silence)}
    yield* evidenceOf(question, said.answers.get(question.name), {...said.asked, maxFileBytes})
  }
}

/** After a connection that broke, a flood, one dump that takes too long, the next may do better. Everything else will be the same for it. */
function silenceOfDumps(): AskOptions['silenceIn'] {
  let timeouts = 0
  return answers => {
    const [answer] = answers.values()
    if (!answer || answer.known || answer.why === 'failed') return undefined
    return answer.why !== 'timeout' || ++timeouts > 1 ? answer : undefined
  }
}

/** The node once, when it never said a word; of one that did, what it did not say. */
function restMissed({node, silent}: NodeVisit, rest: readonly NodeQuestion[], {why, detail}: Unknown): Missed {
  if (silent) return {node: node.name, why, detail}
  return {node: node.name, source: rest.map(question => commandOf(question, question.tries[0])).join(', '), why, detail}
}

/** Whether BIRD runs, as far as is known: it is left out only where Calico is surely told to do without. */
const mayRunBird = ({bgpSettings: settings}: FactTable) => !settings.known || settings.partial !== undefined || settings.value.backend === 'bird'
const mayBeEbpf = ({dataplane}: FactTable) => !dataplane.known || dataplane.partial !== undefined || dataplane.value.kind === 'ebpf'

const isBigEndian = (name: string, {nodes}: FactTable) => nodes.known && nodes.value.some(node => node.name === name && node.architecture === 's390x')

function sizeOf(node: string, {nodes, birdV4, links}: FactTable): NodeSize {
  const bird = birdV4.known ? birdV4.value[node] : undefined
  const own = links.known ? links.value[node] : undefined
  const count = nodes.known ? nodes.value.length : 1
  const sessions = bird?.known && bird.value.running ? bird.value.sessions.length : Math.min(count, 100)
  return {nodes: count, sessions, links: own?.known ? own.value.length : 40}
}

interface Cost {
  readonly size: NodeSize
  readonly execs: number
  readonly maxFileBytes: number
}
/** A command takes some 8 ms in a container that may use little CPU, a megabyte some 100 ms more. */
function estimateOf(questions: readonly NodeQuestion[], {size, execs, maxFileBytes}: Cost): EvidenceTask['estimate'] {
  const bytes = Math.round(questions.reduce((sum, question) => sum + Math.min(question.bytes(size), maxFileBytes), 0))
  return {bytes, ms: Math.round(execMs * execs + 8 * questions.length + bytes / 10_000)}
}
