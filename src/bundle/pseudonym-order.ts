import type {Permutation} from './pseudonym-bits.ts'
import {readV4, readV6, writeV4, writeV6} from './pseudonym-ip.ts'

/** So many other choices are tried before the bytes stay as they are. */
const tries = 32

/**
 * Of two BGP speakers the one waits whose peer's address is the greater as TEXT (`10.0.0.9` > `10.0.0.10`; confd, bird.cfg.template: passive on), and a
 * diagnosis sees who waits for whom. So among these addresses that order stays: where the permutation would change it, another is chosen for the bytes that
 * decide it, and where none is found they stay.
 */
export function keepOrder(permutation: Permutation, addresses: readonly string[]): void {
  const read = permutation.family === 4 ? readV4 : readV6
  const all = [...new Set(addresses)].flatMap(address => read(address) ?? [])
  const unit = permutation.family === 4 ? 1 : 2
  for (let length = 0; length < (permutation.family === 4 ? 4 : 16); length += unit)
    for (const group of byPrefix(all, length)) settle(permutation, group, length, unit)
  if (permutation.family === 6) settleShapes(permutation, all)
}

function byPrefix(all: readonly Uint8Array[], length: number): Uint8Array[][] {
  const groups = Map.groupBy(all, bytes => bytes.subarray(0, length).join(' '))
  return [...groups.values()]
}

/** Decimal and hexadecimal digits without leading zeros order as the whole addresses do, for what ends them (`.`, `:`, the end) never comes after a digit that follows. */
function settle(permutation: Permutation, group: readonly Uint8Array[], length: number, unit: 1 | 2): void {
  const word = (bytes: Uint8Array) => (unit === 1 ? String(bytes[length]) : (bytes[length]! * 256 + bytes[length + 1]!).toString(16))
  const byWord = new Map(group.map(bytes => [word(bytes), bytes]))
  if (byWord.size < 2) return
  const sorted = [...byWord].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bytes]) => bytes)
  const inOrder = () => ascending(sorted.map(bytes => word(permutation.map(bytes))))
  for (let salt = 1; !inOrder(); salt++) {
    for (const prefix of tablesOf(sorted, length, unit)) permutation.choose(prefix, salt > tries ? undefined : salt)
    if (salt > tries) return
  }
}

/** Prefixes of the bytes that make up one decimal or hexadecimal number. */
function tablesOf(group: readonly Uint8Array[], length: number, unit: 1 | 2): Uint8Array[] {
  const [any] = group
  if (!any) return []
  const second = unit === 1 ? [] : byPrefix(group, length + 1).map(([bytes]) => bytes!.subarray(0, length + 1))
  return [any.subarray(0, length), ...second]
}

/** Where `::` stands in one address and not in the other, a digit that became a letter can change places with a colon: those groups stay. */
function settleShapes(permutation: Permutation, all: readonly Uint8Array[]): void {
  const sorted = all.toSorted((a, b) => (writeV6(a) < writeV6(b) ? -1 : 1))
  for (let round = 0; round < 8; round++) {
    const images = sorted.map(bytes => writeV6(permutation.map(bytes)))
    const wrong = sorted.filter((_, index) => !inPlace(images, index))
    if (wrong.length === 0) return
    for (const bytes of wrong) for (let length = 15 - 2 * round; length >= 0; length--) permutation.choose(bytes.subarray(0, length), undefined)
  }
  for (const bytes of sorted) for (let length = 0; length < 16; length++) permutation.choose(bytes.subarray(0, length), undefined)
}

const inPlace = (images: readonly string[], index: number) =>
  (index === 0 || images[index - 1]! < images[index]!) && (index === images.length - 1 || images[index]! < images[index + 1]!)
const ascending = (texts: readonly string[]) => texts.every((text, index) => index === 0 || texts[index - 1]! < text)

/** The addresses as the rule compares them. */
export const writtenAs = (family: 4 | 6, bytes: Uint8Array): string => (family === 4 ? writeV4(bytes) : writeV6(bytes))
