import {SourceError, UsageError} from '../engine/errors.ts'

/** A fault that a bundle's evidence leads to is the bundle's: a cluster's comes through our own projections, and a file may hold anything. */
export function ofBundle<T>(bundle: string | undefined, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (bundle === undefined || cause instanceof SourceError || cause instanceof UsageError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SourceError(`${bundle} holds answers that no collector gives: ${reason.slice(0, 200)}.`, 'Collect it anew, or look where it comes from.', {cause})
  }
}
