import {once} from 'node:events'
import {setTimeout as pause} from 'node:timers/promises'
import {type NodeStatus, nodeStatusExitCode, nodeStatusOf} from '../calico/node-status.ts'
import {SourceError} from '../engine/errors.ts'
import type {FactName, FactTable} from '../engine/facts.ts'
import {type NodeStatusFormat, nodeStatusLine, nodeStatusPieces, renderNodeStatus} from '../reporters/node-status.ts'
import {isHuge} from '../reporters/table-node-status.ts'
import {ofBundle} from './bundle-fault.ts'
import {explainError} from './failure.ts'
import {interruptible} from './interrupt.ts'
import {type LookFlags, look} from './look.ts'
import {screen} from './screen.ts'

export interface NodeStatusFlags extends LookFlags {
  readonly output: NodeStatusFormat
  readonly problems: boolean
  readonly interval: number
  readonly 'no-color'?: boolean
}

export const nodeStatusFacts = ['bgpSettings', 'birdV4', 'birdV6', 'birdDetailsV4', 'birdDetailsV6'] as const satisfies readonly FactName[]
/** Every session in full: large in a big mesh, and asked only where a page can show them. */
export const wideFacts = ['birdWideV4', 'birdWideV6'] as const satisfies readonly FactName[]

async function statusOf(flags: NodeStatusFlags): Promise<NodeStatus> {
  const {table} = await look(flags, {checks: [], facts: nodeStatusFacts})
  const of = (facts: FactTable, wide: boolean) => ofBundle(flags.bundle, () => nodeStatusOf(facts, {wide, problemsOnly: flags.problems}))
  const status = of(table, false)
  if (flags.output !== 'wide') return status
  if (isHuge(status)) return of(detailsOfProblems(table), true)
  if (flags.bundle !== undefined) return of(table, true)
  const {table: whole} = await look(flags, {checks: [], facts: [...nodeStatusFacts, ...wideFacts]})
  return of(whole, true)
}

/** A page shows no more than totals and problems then, and of a mesh of 1,000 nodes `show protocols all` is 30 million lines: what was asked of problems is enough. */
function detailsOfProblems(table: FactTable): FactTable {
  return Object.create(table, {birdWideV4: {get: () => table.birdDetailsV4}, birdWideV6: {get: () => table.birdDetailsV6}})
}

export async function printNodeStatus(flags: NodeStatusFlags): Promise<void> {
  const status = await statusOf(flags)
  process.exitCode = nodeStatusExitCode(status)
  await write(piecesOf(status, flags))
}

/** Looks again and again until Ctrl-C. A cluster that cannot be read for a while is said on stderr and tried again. */
export async function showNodeStatus(flags: NodeStatusFlags): Promise<void> {
  for (;;) {
    await showOnce(flags)
    await interruptible(signal => pause(flags.interval, undefined, {signal}))
  }
}

async function showOnce(flags: NodeStatusFlags): Promise<void> {
  try {
    const status = await statusOf({...flags, quiet: true})
    process.exitCode = nodeStatusExitCode(status)
    await write(frame(status, flags))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    process.stderr.write(`${explainError(error)}\n`)
  }
}

/** A terminal is cleared before each look; a pipe gets one document a line (json) or one page after another. */
function frame(status: NodeStatus, flags: NodeStatusFlags): Iterable<string> {
  if (flags.output === 'json') return nodeStatusLine(status)
  const page = renderNodeStatus(status, flags.output, screen(flags))
  if (flags.output === 'yaml') return [`---\n${page}`]
  const heading = `${new Date().toISOString()}, every ${flags.interval / 1000} s, Ctrl-C ends\n`
  return [process.stdout.isTTY ? `\x1b[H\x1b[2J\x1b[3J${heading}${page}` : `${heading}${page}\n`]
}

function* piecesOf(status: NodeStatus, flags: NodeStatusFlags): Generator<string> {
  const pieces = nodeStatusPieces(status, flags.output, screen(flags))
  for (;;) {
    const {done, value} = ofBundle(flags.bundle, () => pieces.next())
    if (done) return
    yield value
  }
}

/** Waits for a reader that is slower than we are. */
async function write(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}
