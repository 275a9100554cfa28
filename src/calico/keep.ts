/**
 * V8 makes a substring of 13 characters or more a slice that keeps the whole text alive, and a mesh of 1,000 nodes is a million rows that repeat some thousand words.
 * So what stays of an answer is a copy of its own, shared between answers.
 */
const kept = new Map<string, string>()
/** Words worth sharing: forgotten all at once when there are too many, which costs memory only. */
const most = 100_000

/** The same string, held apart from the text it was cut out of. */
export function keep(word: string): string {
  const known = kept.get(word)
  if (known !== undefined) return known
  if (kept.size >= most) kept.clear()
  const own = detached(word)
  kept.set(own, own)
  return own
}

/** A copy that does not keep alive what it was cut out of: a concatenation is flattened into memory of its own before it is sliced. */
export const detached = (text: string): string => ` ${text}`.slice(1)
