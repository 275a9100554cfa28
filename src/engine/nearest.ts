/** The names most like a mistyped one, best first; none when nothing is near. For "did you mean". */
export function nearest(word: string, names: readonly string[], most = 3): string[] {
  const near = Math.max(2, Math.floor(word.length / 2))
  return names
    .map(name => ({name, distance: Math.min(distance(word, name), name.includes(word) && word.length > 2 ? 1 : Number.POSITIVE_INFINITY)}))
    .filter(({distance}) => distance <= near)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({name}) => name)
}

/** Levenshtein distance, of the first 200 characters. */
function distance(from: string, to: string): number {
  const [a, b] = [from.slice(0, 200), to.slice(0, 200)]
  let row = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
