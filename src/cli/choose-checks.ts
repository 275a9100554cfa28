import {matchesGlob} from 'node:path'
import {categoryOf} from '../engine/check.ts'
import {UsageError} from '../engine/errors.ts'
import {nearest} from '../engine/nearest.ts'

/** Ids chosen by `--only` and `--skip`: an id, a category or a glob each. A word that matches nothing is a usage error. */
export function chooseChecks(ids: readonly string[], only: readonly string[] = [], skip: readonly string[] = []): string[] {
  const wanted = only.length > 0 ? matching(ids, only) : new Set(ids)
  const unwanted = matching(ids, skip)
  const chosen = ids.filter(id => wanted.has(id) && !unwanted.has(id))
  if (chosen.length === 0) throw new UsageError('--only and --skip leave no check to run', 'calico-doctor explain lists them.')
  return chosen
}

function matching(ids: readonly string[], words: readonly string[]): Set<string> {
  return new Set(words.flatMap(word => word.split(',')).flatMap(word => matchingOne(ids, word.trim())))
}

function matchingOne(ids: readonly string[], word: string): string[] {
  const hits = ids.filter(id => id === word || categoryOf(id) === word || matchesGlob(id, word))
  if (hits.length === 0) throw new UsageError(`no such check or category: ${word || 'an empty word'}`, didYouMean(word, ids))
  return hits
}

export function didYouMean(word: string, ids: readonly string[]): string {
  const near = nearest(word, [...ids, ...new Set(ids.map(categoryOf))])
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'calico-doctor explain lists them.'
}
