import type {Collected} from './collected.ts'
import type {FactName, Facts} from './facts.ts'

export type Severity = 'error' | 'warning' | 'info'
export const severities: readonly Severity[] = ['error', 'warning', 'info']

export interface Subject {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}
/** One step. `command` is ready to paste; a change names the knob of who owns the setting in this install. */
export interface Fix {
  readonly text: string
  readonly command?: string
}
export interface Finding {
  readonly check: string
  readonly messageId: string
  readonly severity: Severity
  readonly subjects: readonly Subject[]
  readonly message: string
  /** What `message`, `fix` and `verify` were made from: JSON values only. */
  readonly args: Readonly<Record<string, unknown>>
  /** Lines as the node or the API gave them, each naming its source. */
  readonly evidence: readonly string[]
  readonly fix: readonly Fix[]
  /** How to see that it is mended. */
  readonly verify?: Fix
}
/** A way the check can fail. Text is a function of the arguments, so findings stay data. */
export interface Message<A> {
  readonly severity: Severity
  readonly text: (args: A) => string
  readonly fix: (args: A) => readonly Fix[]
  readonly verify?: (args: A) => Fix
  /** Facts that it concludes from what is *not* in them. Of a part of a list nobody can say that: it becomes undecided. */
  readonly absentFrom?: readonly FactName[]
}
export interface Where {
  readonly subjects: readonly Subject[]
  readonly evidence?: readonly string[]
}
export type Report<M> = {readonly [K in keyof M]: M[K] extends Message<infer A> ? (args: A, where: Where) => Finding | Undecided : never}
/** What a check gets: the facts it needs, and those it uses if they could be had. */
export type Given<N extends FactName, U extends FactName> = Readonly<Pick<Facts, N>> & {readonly [K in U]: Collected<Facts[K]>}
export interface Example<N extends FactName, U extends FactName> {
  readonly given: Given<N, U>
  /** `messageId Kind/name Kind/name`, one line a finding; empty for a healthy example. */
  readonly finds: readonly string[]
}

export interface Check<N extends FactName = any, U extends FactName = any, M = any> {
  /** The file's path under src/checks, for ever: `bgp/session-down`. */
  readonly id: string
  /** What is true when it passes, as a sentence. */
  readonly title: string
  readonly failureTitle: string
  /** What breaks, in words a newcomer to Calico understands. Two or three sentences. */
  readonly why: string
  /** What it cannot judge without. */
  readonly needs: readonly N[]
  /** What sharpens the judgement; its absence is no reason to be silent. */
  readonly uses?: readonly U[]
  readonly messages: M
  /** Pages of Calico's or Kubernetes' documentation. */
  readonly docs: readonly string[]
  /** The reason why the check has nothing to say about this cluster. */
  notApplicable?(facts: Given<NoInfer<N>, NoInfer<U>>): string | undefined
  run(facts: Given<NoInfer<N>, NoInfer<U>>, report: Report<M>): Iterable<Finding | Undecided>
  readonly examples: Readonly<Record<string, Example<NoInfer<N>, NoInfer<U>>>>
}
/** A check saw what it needs and still cannot tell: no pass. Yielded among the findings. */
export interface Undecided {
  readonly undecided: string
}
export const undecided = (reason: string): Undecided => ({undecided: reason})

/** Holds a check to its declarations, then erases them: the engine hands each just what it declared, which a list of checks cannot say in types. */
export const defineCheck = <const N extends FactName, const M extends Record<string, Message<any>>, const U extends FactName = never>(
  check: Check<N, U, M>,
): Check => check as unknown as Check

/** `bgp` of `bgp/session-down`. */
export const categoryOf = (id: string): string => id.slice(0, id.indexOf('/'))
