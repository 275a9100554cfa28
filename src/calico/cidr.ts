import {Address4, Address6} from 'ip-address'

/** An address or a network: all addresses from `first` to `last`. */
export interface Cidr {
  readonly family: 4 | 6
  readonly prefix: number
  /** The address as written, host bits kept, in canonical form: `10.0.0.5` of `10.0.0.5/24`. */
  readonly address: string
  /** Canonical network: `10.0.0.0/24`. */
  readonly network: string
  readonly first: bigint
  readonly last: bigint
}

/** Longest text that can be an address with prefix; longer ones are not looked at. */
const longest = 64

/** `10.0.0.5/24`, `10.0.0.5` (one address), `fd00::/64`. Undefined for anything else: leading zeros, short forms, zones, blanks. Never throws. */
export function parseCidr(text: unknown): Cidr | undefined {
  if (typeof text !== 'string' || text.length > longest || text.includes('%')) return undefined
  try {
    return text.includes(':') ? cidrOf(6, 128, new Address6(text)) : cidrOf(4, 32, new Address4(text))
  } catch {
    return undefined
  }
}

function cidrOf(family: 4 | 6, bits: number, parsed: Address4 | Address6): Cidr {
  const prefix = parsed.subnetMask
  const hostBits = BigInt(bits - prefix)
  const first = (parsed.bigInt() >> hostBits) << hostBits
  const network = `${parsed.startAddress().correctForm()}/${prefix}`
  return {family, prefix, address: parsed.correctForm(), network, first, last: first + (1n << hostBits) - 1n}
}

type Written = string | Cidr
const read = (cidr: Written) => (typeof cidr === 'string' ? parseCidr(cidr) : cidr)

/** Do they share an address? False for different families; undefined when one of them is no CIDR. */
export function overlap(a: Written, b: Written): boolean | undefined {
  const [one, other] = [read(a), read(b)]
  if (!one || !other) return undefined
  return one.family === other.family && one.first <= other.last && other.first <= one.last
}

/** Is `inner`, an address or a network, wholly in `outer`? An address counts as itself, whatever prefix it is written with, by `containsAddress`. */
export function contains(outer: Written, inner: Written): boolean | undefined {
  const [whole, part] = [read(outer), read(inner)]
  if (!whole || !part) return undefined
  return whole.family === part.family && whole.first <= part.first && part.last <= whole.last
}

/** Is the address of `10.0.0.5/24`, prefix aside, in the network? */
export function containsAddress(network: Written, address: Written): boolean | undefined {
  const parsed = read(address)
  return parsed && contains(network, parsed.address)
}

/** `10.0.0.0/24` of `10.0.0.5/24`. */
export const networkOf = (cidr: Written): string | undefined => read(cidr)?.network

/** `10.0.0.5` of `10.0.0.5/24`, in the one form that two equal addresses share. */
export const addressOf = (cidr: Written): string | undefined => read(cidr)?.address
