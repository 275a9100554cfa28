import type {FileOrigin, Missed} from '../bundle/manifest.ts'
import {type Collected, type Unknown, unknown} from '../engine/collected.ts'
import type {Gate, Passed} from './api-gate.ts'

/** When something was asked, and how long its answer took. */
export interface Asked<T> {
  readonly answer: T
  readonly at: string
  readonly ms: number
}

/** Begins nothing after `signal`, and waits for nothing beyond it. */
export async function ask<T>(signal: AbortSignal | undefined, question: () => Promise<Collected<T>>): Promise<Asked<Collected<T>>> {
  const at = new Date().toISOString()
  const started = performance.now()
  const answer = signal?.aborted ? tooLate(signal) : await unlessOver(signal, question())
  return {answer, at, ms: Math.round(performance.now() - started)}
}

/** The same through a gate; undefined where nothing is to be said any more. */
export async function askThrough<T>(gate: Gate, signal: AbortSignal | undefined, question: () => Promise<Collected<T>>): Promise<Asked<Passed<T>> | undefined> {
  const at = new Date().toISOString()
  const started = performance.now()
  const passed = await gate.through(async () => (await ask(signal, question)).answer)
  return passed && {answer: passed, at, ms: Math.round(performance.now() - started)}
}

async function unlessOver<T>(signal: AbortSignal | undefined, answer: Promise<Collected<T>>): Promise<Collected<T>> {
  if (!signal) return answer
  const over = Promise.withResolvers<Unknown>()
  const stop = () => over.resolve(tooLate(signal))
  signal.addEventListener('abort', stop, {once: true})
  try {
    return await Promise.race([answer, over.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function tooLate({reason}: AbortSignal): Unknown {
  return reason instanceof Error && reason.name === 'Interrupted'
    ? unknown('not-collected', 'interrupted before this was read')
    : unknown('timeout', 'the overall time was over before this was read')
}

export const missed = (source: string, {why, detail}: Pick<Unknown, 'why' | 'detail'>, node?: string): {readonly missed: Missed} => ({
  missed: {...(node !== undefined && {node}), source, why, detail},
})

/** A file's path, source and times; `source` as a command that asks the same. */
export const originOf = (path: string, source: string, {at, ms}: Pick<Asked<unknown>, 'at' | 'ms'>): Omit<FileOrigin, 'truncated'> => ({path, source, at, ms})
