/** Evidence of many nodes: the first lines, and how many more there are. */
export function firstLines(lines: readonly string[], shown = 5): string[] {
  const rest = lines.length - shown
  return rest > 1 ? [...lines.slice(0, shown), `… and ${rest} more like these`] : [...lines]
}
