/** worker-2 before worker-10, compared by `<`: a collator costs a hundred times as much, and thousands of rows are sorted anew with each round. */
export function naturalKey(name: string): string {
  const known = keys.get(name)
  if (known !== undefined) return known
  if (keys.size > 200_000) keys.clear()
  const key = name
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/\d{1,12}/g, digits => digits.padStart(12, '0'))
  keys.set(name, key)
  return key
}
const keys = new Map<string, string>()

export const byNatural = (a: string, b: string): number => byText(naturalKey(a), naturalKey(b))
/** In order of `order`, whose first character is a rank: what comes nearly in order within each rank, as nodes do, is sorted in one go over it. */
export function inOrderOf<R extends {readonly order: string}>(rows: readonly R[]): R[] {
  const ranks = Map.groupBy(rows, ({order}) => order[0]!)
  return [...ranks.keys()].sort().flatMap(rank => ranks.get(rank)!.sort((a, b) => byText(a.order, b.order)))
}
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
