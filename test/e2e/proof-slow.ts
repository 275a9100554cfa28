import {mkdtempSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Executor} from './executor.ts'

export interface SlowOptions {
  readonly seconds: number
  /** Exists and is ours. */
  readonly folder: string
  readonly onStart?: () => void
}

/** What a played machine answers, so many seconds later. */
export function slowed(execute: Executor, {seconds, folder, onStart}: SlowOptions): Executor {
  return command => {
    onStart?.()
    const answer = execute(command)
    if (!('stdout' in answer)) return answer
    const own = mkdtempSync(join(folder, 'answer-'))
    const files = (['stdout', 'stderr'] as const).map(stream => {
      writeFileSync(join(own, stream), answer[stream])
      return join(own, stream)
    })
    const script = 'sleep "$1"; cat "$2"; cat "$3" >&2; exit "$4"'
    return {file: '/bin/sh', args: ['-c', script, 'sh', String(seconds), ...files, String(answer.exit)], env: {PATH: '/usr/bin:/bin'}}
  }
}
