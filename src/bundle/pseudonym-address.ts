import {createHmac} from 'node:crypto'
import {type Permutation, permutation} from './pseudonym-bits.ts'
import {isNetwork, masked, readV4, readV6, writeV4, writeV6, writeV6Whole} from './pseudonym-ip.ts'
import {type MacPseudonym, macPseudonyms} from './pseudonym-mac.ts'
import {keepOrder} from './pseudonym-order.ts'
import {isKept} from './pseudonym-ranges.ts'

export interface AddressOptions {
  /** Random, of this bundle alone. */
  readonly key: Uint8Array
  /** Addresses of BGP speakers, whose order as text stays: nodes and their peers. */
  readonly speakers: readonly string[]
  /** Block sizes of the pools, where they are larger than Calico's defaults of /26 and /122. */
  readonly blockSizes?: Readonly<Record<4 | 6, number>>
  /** VXLAN MACs, which Felix makes of node names. */
  readonly macs?: ReadonlyMap<string, string>
}
/** All return undefined for what is no such address, and the same text for what stays as it is. */
export interface AddressPseudonyms {
  readonly v4: (text: string, prefix?: number) => string | undefined
  readonly v6: (text: string, prefix?: number) => string | undefined
  readonly mac: MacPseudonym
}

/** So many keys are tried for one under which no speaker gets the address of another. */
const candidates = 8

export function addressPseudonyms({key, speakers, blockSizes = {4: 26, 6: 122}, macs = new Map()}: AddressOptions): AddressPseudonyms {
  const made = Array.from({length: candidates}, (_, index) => permutations(createHmac('sha256', key).update(`addresses ${index}`).digest(), blockSizes))
  const best = made.toSorted((a, b) => collisions(a, speakers) - collisions(b, speakers))[0]!
  for (const family of [4, 6] as const) keepOrder(best[family], speakers)
  const v4 = (text: string, prefix = 32) => {
    const bytes = readV4(text)
    return bytes && writeV4(image(best[4], bytes, prefix))
  }
  const mac = macPseudonyms({key, known: macs, v4})
  return {v4, mac, v6: v6Pseudonyms(best[6], v4, mac)}
}

type Both = Readonly<Record<4 | 6, Permutation>>
const permutations = (key: Uint8Array, sizes: Readonly<Record<4 | 6, number>>): Both => ({
  4: permutation({key, family: 4, keptFrom: sizes[4]}),
  6: permutation({key, family: 6, keptFrom: sizes[6]}),
})

function collisions(both: Both, speakers: readonly string[]): number {
  const originals = new Set(speakers)
  return speakers.filter(text => {
    const bytes = readV4(text)
    return bytes && !isKept(4, bytes) && originals.has(writeV4(both[4].map(bytes)))
  }).length
}

/** A network stays a network: nothing appears behind its prefix. */
function image(permutation: Permutation, bytes: Uint8Array, prefix: number): Uint8Array {
  if (isKept(permutation.family, bytes)) return bytes
  const mapped = permutation.map(bytes)
  return isNetwork(bytes, prefix) ? masked(mapped, prefix) : mapped
}

function v6Pseudonyms(permutation: Permutation, v4: AddressPseudonyms['v4'], mac: MacPseudonym): AddressPseudonyms['v6'] {
  return (text, prefix = 128) => {
    const bytes = readV6(text)
    if (!bytes) return undefined
    if (text.includes('.')) return text.slice(0, text.lastIndexOf(':') + 1) + v4(text.slice(text.lastIndexOf(':') + 1))
    const mapped = holdsV4(bytes) ? withV4(bytes, v4) : isLinkLocal(bytes) ? linkLocal(bytes, mac) : image(permutation, bytes, prefix)
    if (mapped === bytes || mapped.every((byte, index) => byte === bytes[index])) return text
    return text.toLowerCase() === writeV6Whole(bytes) ? writeV6Whole(mapped) : writeV6(mapped)
  }
}

/** `::ffff:a00:2` and NAT64's `64:ff9b::a00:2` (RFC 4291, RFC 6052). */
const holdsV4 = (bytes: Uint8Array) => {
  const head = bytes.subarray(0, 12).join(' ')
  return head === '0 0 0 0 0 0 0 0 0 0 255 255' || head === '0 100 255 155 0 0 0 0 0 0 0 0'
}
function withV4(bytes: Uint8Array, v4: AddressPseudonyms['v4']): Uint8Array {
  const mapped = Uint8Array.from(bytes)
  mapped.set(readV4(v4(writeV4(bytes.subarray(12)))!)!, 12)
  return mapped
}

const isLinkLocal = (bytes: Uint8Array) => bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80

/** Link-local addresses stay, but for the MAC that stands in most of them (EUI-64, RFC 4291). */
function linkLocal(bytes: Uint8Array, mac: MacPseudonym): Uint8Array {
  if (bytes[11] !== 0xff || bytes[12] !== 0xfe) return bytes
  const own = [bytes[8]! ^ 2, bytes[9]!, bytes[10]!, bytes[13]!, bytes[14]!, bytes[15]!].map(twoDigits).join(':')
  const parts = (mac(own) ?? own).split(':').map(part => Number.parseInt(part, 16))
  const mapped = Uint8Array.from(bytes)
  mapped.set([parts[0]! ^ 2, parts[1]!, parts[2]!], 8)
  mapped.set(parts.slice(3), 13)
  return mapped
}
const twoDigits = (byte: number) => byte.toString(16).padStart(2, '0')
