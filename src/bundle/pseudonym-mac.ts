import {createHash, createHmac} from 'node:crypto'

/** The pseudonym of `66:1c:…`, with the same sign between its parts; undefined for what is no MAC. */
export type MacPseudonym = (text: string) => string | undefined

interface MacOptions {
  readonly key: Uint8Array
  /** Lower case, with colons. */
  readonly known: ReadonlyMap<string, string>
  readonly v4: (text: string) => string | undefined
}

const mac = /^[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}$/
/** Zeros, broadcast, multicast, and the one address that all pods' interfaces have (Felix: ee:ee:ee:ee:ee:ee). */
const common = /^(?:00:00:00:00:00:00|ff:ff:ff:ff:ff:ff|ee:ee:ee:ee:ee:ee|01:00:5e:.*|33:33:.*)$/

export function macPseudonyms({key, known, v4}: MacOptions): MacPseudonym {
  const digest = (text: string) => createHmac('sha256', key).update(`mac ${text}`).digest()
  const imageOf = (own: string): string => {
    if (common.test(own)) return own
    const made = known.get(own)
    if (made !== undefined) return made
    const bytes = own.split(':').map(part => Number.parseInt(part, 16))
    // Docker writes the container's address behind 02:42.
    if (own.startsWith('02:42:')) return colons([2, 0x42, ...v4(bytes.slice(2).join('.'))!.split('.').map(Number)])
    if (own.startsWith('66:')) return colons([0x66, ...digest(own).subarray(0, 5)])
    return colons([...bytes.slice(0, 3), ...shuffled(bytes.slice(3), text => digest(`${own.slice(0, 8)} ${text}`))])
  }
  return text => {
    const sign = mac.exec(text)?.[1]
    if (sign === undefined) return undefined
    const own = text.toLowerCase().replaceAll('-', ':')
    const image = imageOf(own)
    return image === own ? text : image.replaceAll(':', sign)
  }
}

const colons = (bytes: readonly number[]) => bytes.map(byte => byte.toString(16).padStart(2, '0')).join(':')

/** The last three bytes tell one interface of a maker from another: a Feistel network over 24 bits, so that no two become one. */
function shuffled(bytes: readonly number[], digest: (text: string) => Buffer): number[] {
  const all = (bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!
  let [left, right] = [all >> 12, all & 0xfff]
  for (let round = 0; round < 4; round++) [left, right] = [right, left ^ (digest(`${round} ${right}`).readUInt16BE() & 0xfff)]
  const image = (left << 12) | right
  return [image >> 16, (image >> 8) & 255, image & 255]
}

/** VXLAN's MAC of a node: `f` (0x66) and the first five bytes of SHA-1 of its name, behind which IPv6 writes `-v6` (felix: dataplane/linux/vxlan_mngr.go, node: pkg/allocateip). */
export const vxlanMacs = (node: string): readonly [v4: string, v6: string] => [vxlanMac(node), vxlanMac(`${node}-v6`)]
const vxlanMac = (text: string) => colons([0x66, ...createHash('sha1').update(text).digest().subarray(0, 5)])
