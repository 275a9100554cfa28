import {createHmac} from 'node:crypto'
import {agree, ranges} from './pseudonym-ranges.ts'

/** A keyed permutation of addresses that keeps every prefix: two addresses that share n leading bits share just n afterwards. */
export interface Permutation {
  readonly family: 4 | 6
  map(bytes: Uint8Array): Uint8Array
  /** Chooses anew what happens to the bytes that follow this prefix; undefined: they stay. */
  choose(prefix: ArrayLike<number>, salt: number | undefined): void
}
export interface PermutationOptions {
  readonly key: Uint8Array
  readonly family: 4 | 6
  /** Bits from here on stay: IPAM's blocks number their addresses by them. */
  readonly keptFrom: number
}

/**
 * Crypto-PAn's idea (Xu et al. 2002) byte by byte: whether a bit is flipped depends on the key and on all bits before it. Bits on the way to a special range
 * are never flipped, so that each range stays in its place.
 *
 * IPv6 keeps a group of zeros zero, so that `::` stays where it is and addresses stay as short as they were.
 */
export function permutation({key, family, keptFrom}: PermutationOptions): Permutation {
  const tables = new Map<string, Uint8Array>()
  const chosen = new Map<string, number | undefined>()
  const tableOf = (prefix: Uint8Array): Uint8Array => {
    const name = String.fromCharCode(...prefix)
    const made = tables.get(name) ?? table(prefix, flipsOf(prefix, name))
    tables.set(name, made)
    return made
  }
  const flipsOf = (prefix: Uint8Array, name: string): Uint8Array => {
    const salt = chosen.has(name) ? chosen.get(name) : 0
    if (salt === undefined) return new Uint8Array(32)
    return createHmac('sha256', key).update(`${family} ${salt} `).update(prefix).digest()
  }
  const table = (prefix: Uint8Array, flips: Uint8Array): Uint8Array => {
    const fixed = fixedNodes({family, prefix, keptFrom})
    return Uint8Array.from({length: 256}, (_, value) => permuted(value, flips, fixed))
  }
  return {
    family,
    map: bytes => bytes.map((byte, index) => tableOf(bytes.subarray(0, index))[byte]!),
    choose(prefix, salt) {
      const name = String.fromCharCode(...Array.from(prefix))
      chosen.set(name, salt)
      tables.delete(name)
    },
  }
}

/** Nodes of a byte's tree of bits are numbered as in a heap: 1 is the first bit, 2n and 2n + 1 come after n. */
function permuted(value: number, flips: Uint8Array, fixed: Uint8Array): number {
  let node = 1
  let image = 0
  for (let bit = 7; bit >= 0; bit--) {
    const one = (value >> bit) & 1
    const flip = fixed[node] ? 0 : (flips[node >> 3]! >> (node & 7)) & 1
    image = (image << 1) | (one ^ flip)
    node = node * 2 + one
  }
  return image
}

function fixedNodes({family, prefix, keptFrom}: {family: 4 | 6; prefix: Uint8Array; keptFrom: number}): Uint8Array {
  const start = prefix.length * 8
  const fixed = new Uint8Array(256)
  const bytes = new Uint8Array(prefix.length + 1)
  bytes.set(prefix)
  const near = ranges[family].filter(range => agree(range, bytes, Math.min(start, range.prefix)))
  for (let node = 1; node < 256; node++) {
    const depth = 31 - Math.clz32(node)
    bytes[prefix.length] = (node << (8 - depth)) & 255
    const bits = start + depth
    const leadsOn = near.some(range => (range.prefix > bits || range.kept) && agree(range, bytes, Math.min(bits, range.prefix)))
    if (bits >= keptFrom || leadsOn || (family === 6 && isZero(bytes, prefix.length))) fixed[node] = 1
  }
  return fixed
}

/** Is the group of 16 bits zero so far? */
const isZero = (bytes: Uint8Array, last: number) => bytes[last] === 0 && (last % 2 === 0 || bytes[last - 1] === 0)
