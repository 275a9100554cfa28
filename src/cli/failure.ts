import {SourceError, UsageError} from '../engine/errors.ts'
import {Interrupted} from './interrupt.ts'

/** 2 usage · 4 the source cannot be read · 130 interrupted · 70 we crashed; `exit()` of a command keeps its own. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2
  if (error instanceof SourceError) return 4
  if (error instanceof Interrupted) return 130
  return oclifExit(error) ?? 70
}

/** What the person reads: one sentence and the next step; a stack only when the fault is ours. */
export function explainError(error: unknown): string {
  if (error instanceof UsageError || error instanceof SourceError)
    return [`Error: ${error.message}`, ...(error.next === undefined ? [] : [error.next])].join('\n')
  if (error instanceof Interrupted) return 'Interrupted.'
  if (isExit(error)) return ''
  if (oclifExit(error) !== undefined) return `Error: ${(error as Error).message.trim()}`
  const stack = error instanceof Error ? error.stack : String(error)
  return `calico-doctor itself failed, which says nothing about your cluster. Please report this:\n${stack}`
}

const oclifExit = (error: unknown) => (error as {oclif?: {exit?: number}} | undefined)?.oclif?.exit
const isExit = (error: unknown) => (error as {code?: string} | undefined)?.code === 'EEXIT'
