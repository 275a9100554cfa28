import {UsageError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'

export interface Said {
  readonly message: string
  readonly next?: string | undefined
}
/** @oclif/core's NonExistentFlagsError (lib/parser/errors.js), as far as it is read. */
interface UnknownFlags {
  readonly flags?: readonly unknown[]
  readonly parse?: {readonly input?: {readonly flags?: Readonly<Record<string, unknown>>}}
}

/** A wrong flag or argument in one sentence and a next step, out of @oclif/core's several lines. */
export function usageOf(error: Error): Said {
  const message = error.message
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/\n?See more help with --help$/, '')
    .replace(/^Parsing (--\S+)\s+/, '$1: ')
    .trim()
  if (error instanceof UsageError) return {message, next: error.next}
  const missing = /^Missing \d+ required args?:\n([\s\S]*?)(?:\n\n|$)/.exec(message)?.[1]
  if (missing !== undefined) return {message: `missing: ${missing.split('\n').map(asWords).join('; ')}`, next: 'The command with --help tells what it takes.'}
  const {flags, parse} = error as UnknownFlags
  if (!flags) return {message: message.replaceAll(/\s*\n\s*/g, '; '), next: 'The command with --help tells its flags.'}
  return {message: message.replace(/^Nonexistent flag/, 'no such flag'), next: didYouMean(flags.map(String), Object.keys(parse?.input?.flags ?? {}))}
}

/** `b  the newer bundle` → `B, the newer bundle`. */
const asWords = (line: string) => line.trim().replace(/^(\S+) {2,}/, (_, name: string) => `${name.toUpperCase()}, `)

function didYouMean(given: readonly string[], known: readonly string[]): string {
  const [flag = ''] = given
  const near = nearest(
    flag.replace(/=.*$/s, ''),
    known.map(name => `--${name}`),
  )
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'The command with --help tells its flags.'
}
