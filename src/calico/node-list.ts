/** `12 nodes: a, b, c, … +9`; `node a` for one. Names in the given order, so that the same facts print the same text. */
export function nodeList(names: readonly string[], shown = 3): string {
  if (names.length === 1) return `node ${names[0]}`
  if (names.length === 0) return 'no node'
  const rest = names.length - shown
  return `${names.length} nodes: ${names.slice(0, shown).join(', ')}${rest > 0 ? `, … +${rest}` : ''}`
}
