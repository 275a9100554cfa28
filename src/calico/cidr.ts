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
  const plain = plainIpv4(text)
  if (plain) return plain
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

const dotted = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:\/(\d|[12]\d|3[0-2]))?$/

/** What nearly all addresses of a cluster look like, without the library's steps through hexadecimal text: a thousand nodes are some ten thousand of them. */
function plainIpv4(text: string): Cidr | undefined {
  const found = dotted.exec(text)
  if (!found) return undefined
  const [, a, b, c, d] = found.map(Number) as [number, number, number, number, number]
  if (a > 255 || b > 255 || c > 255 || d > 255) return undefined
  const prefix = Number(found[5] ?? 32)
  const size = 2 ** (32 - prefix)
  const value = ((a * 256 + b) * 256 + c) * 256 + d
  const first = value - (value % size)
  const octets = [first / 2 ** 24, first / 2 ** 16, first / 2 ** 8, first].map(part => Math.floor(part) % 256)
  return {
    family: 4,
    prefix,
    address: `${a}.${b}.${c}.${d}`,
    network: `${octets.join('.')}/${prefix}`,
    first: BigInt(first),
    last: BigInt(first + size - 1),
  }
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
