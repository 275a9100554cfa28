import {type Check, type Finding, type Message, type Undecided, undecided, type Where} from './check.ts'
import {type Collected, type PerNode, type Unknown, unknown} from './collected.ts'
import {type FactName, type FactTable, perNodeFacts} from './facts.ts'

export interface Missing extends Unknown {
  readonly fact: FactName
  readonly node?: string
}
export type Verdict = {readonly check: string; readonly missing: readonly Missing[]} & (
  | {readonly status: 'pass'}
  | {readonly status: 'unknown'; readonly reasons: readonly string[]}
  /** `undecided`: what it could not tell beside what it found. */
  | {readonly status: 'fail'; readonly findings: readonly Finding[]; readonly undecided?: readonly string[]}
  | {readonly status: 'not-applicable'; readonly reason: string}
  | {readonly status: 'suppressed'; readonly reason: string}
  | {readonly status: 'crashed'; readonly error: string}
)

/** One check's verdict. Pure; what throws inside is that check's verdict, not the run's end. */
export function examine(check: Check, table: FactTable): Verdict {
  const needs: readonly FactName[] = check.needs
  const missing = needs.flatMap(fact => missingIn(fact, table[fact]))
  const verdict = {check: check.id, missing}
  if (needs.some(fact => !table[fact]?.known)) return {...verdict, status: 'unknown', reasons: []}

  const facts = given(check, table)
  try {
    const reason = check.notApplicable?.(facts)
    if (reason)
      return needs.some(fact => isPart(fact, table))
        ? {...verdict, status: 'unknown', reasons: [reason]}
        : {check: check.id, missing: [], status: 'not-applicable', reason}
    const {findings, reasons} = sorted(check.run(facts, reportOf(check, table)))
    if (findings.length > 0) return {...verdict, status: 'fail', findings, ...(reasons.length > 0 && {undecided: reasons})}
    return missing.length > 0 || reasons.length > 0 ? {...verdict, status: 'unknown', reasons} : {...verdict, status: 'pass'}
  } catch (error) {
    return {...verdict, status: 'crashed', error: error instanceof Error ? (error.stack ?? error.message) : String(error)}
  }
}

function sorted(said: Iterable<Finding | Undecided>): {findings: Finding[]; reasons: string[]} {
  const findings: Finding[] = []
  const reasons: string[] = []
  for (const item of said) 'undecided' in item ? reasons.push(item.undecided) : findings.push(item)
  return {findings, reasons}
}

function given({needs, uses = []}: Check, table: FactTable): any {
  const value = (fact: FactName) => [fact, (table[fact] as {value: unknown}).value] as const
  const collected = (fact: FactName) => [fact, table[fact] ?? unknown('not-collected', 'nobody asked')] as const
  return Object.fromEntries([...(needs as FactName[]).map(value), ...(uses as FactName[]).map(collected)])
}

/** Why this fact does not carry a pass: not had, cut off, or not had from some node. */
export function missingIn(fact: FactName, collected: Collected<unknown> | undefined): Missing[] {
  if (!collected) return [{fact, ...unknown('not-collected', 'nobody asked')}]
  if (!collected.known) return [{fact, ...collected}]
  const whole = cut(fact, collected)
  if (!perNodeFacts.has(fact)) return whole
  const nodes = Object.entries(collected.value as PerNode<unknown>)
  return [...whole, ...nodes.flatMap(([node, part]): Missing[] => (part.known ? cut(fact, part, node) : [{fact, node, ...part}]))]
}

/** Seen in part, a list cannot prove that a check has nothing to say. A node that was not seen can: it does not change what is configured. */
const isPart = (fact: FactName, table: FactTable) => !perNodeFacts.has(fact) && (table[fact] as {partial?: string}).partial !== undefined

function cut(fact: FactName, {partial}: {partial?: string}, node?: string): Missing[] {
  return partial === undefined ? [] : [{fact, ...(node !== undefined && {node}), known: false, why: 'failed', detail: `seen in part: ${partial}`}]
}

function reportOf(check: Check, table: FactTable): any {
  const messages = Object.entries(check.messages as Record<string, Message<any>>)
  return Object.fromEntries(
    messages.map(([messageId, message]) => {
      const unseen = unseenPart(message, table)
      return [messageId, unseen ? () => unseen : (args: unknown, where: Where) => findingOf(check, messageId, message, args, where)]
    }),
  )
}

function findingOf(check: Check, messageId: string, {severity, text, fix, verify}: Message<any>, args: unknown, {subjects, evidence = []}: Where): Finding {
  const told = {check: check.id, messageId, severity, subjects, message: text(args), args: args as Finding['args'], evidence, fix: fix(args)}
  return verify ? {...told, verify: verify(args)} : told
}

/** What a message misses may be in the part of a list that was not seen. */
function unseenPart({absentFrom = []}: Message<any>, table: FactTable): Undecided | undefined {
  const parts = absentFrom.flatMap(fact => {
    const collected: Collected<unknown> | undefined = table[fact]
    return collected?.known && collected.partial !== undefined ? [`${fact} (${collected.partial})`] : []
  })
  return parts.length > 0 ? undecided(`what seems to be missing may be in what was not seen of ${parts.join(' and ')}`) : undefined
}
