import type {Replaced} from './anonymize.ts'

/** Who may read it can read every bundle it belongs to. */
export const namesPath = (bundle: string): string => `${bundle}.names.json`

/** The way back: by kind, each pseudonym's original; several where it was written in several ways. */
export function namesText(bundle: string, replaced: ReadonlyMap<string, Replaced>): string {
  const kinds = Map.groupBy([...replaced], ([, {kind}]) => kind)
  const names = Object.fromEntries([...kinds].sort(byText).map(([kind, all]) => [kind, originalsOf(all)]))
  return `${JSON.stringify({bundle, note: 'Keep this file to yourself: it names what the bundle does not.', names}, null, 2)}\n`
}

function originalsOf(all: readonly (readonly [string, Replaced])[]): Record<string, string | string[]> {
  const groups = Map.groupBy(all, ([, {pseudonym}]) => pseudonym)
  return Object.fromEntries([...groups].sort(byText).map(([pseudonym, originals]) => [pseudonym, single(originals.map(([original]) => original))]))
}
const single = (texts: string[]) => (texts.length === 1 ? texts[0]! : texts)
const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0)
