import {SourceError, UsageError} from '../engine/errors.ts'
import {printable} from '../reporters/printable.ts'
import {Interrupted} from './interrupt.ts'
import {type Said, usageOf} from './usage-text.ts'

/** 2 usage · 4 the source cannot be read · 130 interrupted · 70 we crashed; `exit()` of a command keeps its own. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2
  if (error instanceof SourceError) return 4
  if (error instanceof Interrupted) return 130
  return oclifExit(error) ?? 70
}

/** What the person reads: one sentence and the next step; a stack only when the fault is ours. */
export function explainError(error: unknown): string {
  if (error instanceof SourceError) return said(error)
  if (error instanceof Interrupted) return 'Interrupted.'
  if (isExit(error)) return ''
  if (error instanceof UsageError || oclifExit(error) !== undefined) return said(usageOf(error as Error))
  const stack = (error instanceof Error && error.stack) || String(error)
  return ['calico-doctor itself failed, which says nothing about your cluster. Please report this:', ...stack.split('\n').map(shown)].join('\n')
}

/** Names of contexts and nodes are in it: shown escaped. */
const said = ({message, next}: Said) => [`Error: ${message}`, ...(next === undefined ? [] : [next])].map(shown).join('\n')
const shown = (line: string) => printable(line, {max: 2_000, longestWord: 1_000})

const oclifExit = (error: unknown) => (error as {oclif?: {exit?: number}} | undefined)?.oclif?.exit
const isExit = (error: unknown) => (error as {code?: string} | undefined)?.code === 'EEXIT'
