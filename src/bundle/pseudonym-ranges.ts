/** A range of addresses by its leading bits. */
export interface Range {
  readonly bytes: readonly number[]
  /** Bits. */
  readonly prefix: number
  /** Every address in it stays; otherwise addresses stay in it. */
  readonly kept: boolean
}
const v4 = (a: number, b: number, c: number, prefix: number, kept: boolean): Range => ({bytes: [a, b, c, 0], prefix, kept})
const v6 = (groups: readonly number[], prefix: number, kept: boolean): Range => ({
  bytes: Array.from({length: 8}, (_, index) => groups[index] ?? 0).flatMap(group => [group >> 8, group & 255]),
  prefix,
  kept,
})

/**
 * What an address is must not change (IANA special-purpose registries): private stays private, and so what is public stays public. Loopback, link-local,
 * multicast, netmasks, broadcast and documentation addresses are nobody's and stay as they are.
 */
export const ranges: Readonly<Record<4 | 6, readonly Range[]>> = {
  4: [
    v4(0, 0, 0, 8, true),
    v4(10, 0, 0, 8, false),
    v4(100, 64, 0, 10, false),
    v4(127, 0, 0, 8, true),
    v4(169, 254, 0, 16, true),
    v4(172, 16, 0, 12, false),
    v4(192, 0, 0, 24, true),
    v4(192, 0, 2, 24, true),
    v4(192, 168, 0, 16, false),
    v4(198, 18, 0, 15, false),
    v4(198, 51, 100, 24, true),
    v4(203, 0, 113, 24, true),
    v4(224, 0, 0, 3, true),
  ],
  6: [
    v6([], 64, true),
    v6([0x64, 0xff9b], 96, true),
    v6([0x2001, 0xdb8], 32, true),
    v6([0x2000], 3, false),
    v6([0xfc00], 8, false),
    v6([0xfd00], 8, false),
    v6([0xfe80], 10, true),
    v6([0xff00], 8, true),
  ],
}

/** Does the range share its first `bits` bits with these bytes? */
export function agree(range: Range, bytes: ArrayLike<number>, bits: number): boolean {
  const whole = bits >> 3
  for (let index = 0; index < whole; index++) if (range.bytes[index] !== bytes[index]) return false
  const rest = bits & 7
  return rest === 0 || (range.bytes[whole]! ^ bytes[whole]!) >> (8 - rest) === 0
}

/** Is it of those that stay as they are? */
export const isKept = (family: 4 | 6, bytes: ArrayLike<number>): boolean => ranges[family].some(range => range.kept && agree(range, bytes, range.prefix))
