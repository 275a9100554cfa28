import {readV4, readV6, writeV4, writeV6Whole} from './pseudonym-ip.ts'

/** `0A00140A:00B3` of /proc/net/tcp, tcp6, udp, raw: an address as words of 32 bits in the machine's byte order, little-endian wherever Calico runs but s390x, and a port. */
const socket = /^([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}$/

/** The address in text, undefined for what is no such form. */
export function socketAddress(text: string): string | undefined {
  const hex = socket.exec(text)?.[1]
  if (hex === undefined) return undefined
  const bytes = turned(Uint8Array.from(Buffer.from(hex, 'hex')))
  return bytes.length === 4 ? writeV4(bytes) : writeV6Whole(bytes)
}

/** The same socket with another address of the same family. */
export function socketWith(text: string, address: string): string {
  const bytes = readV4(address) ?? readV6(address)
  return bytes === undefined ? text : Buffer.from(turned(bytes)).toString('hex').toUpperCase() + text.slice(text.indexOf(':'))
}

const turned = (bytes: Uint8Array) => bytes.map((_, index) => bytes[(index & ~3) + 3 - (index & 3)]!)
