/** An address as bytes, and as text in the forms it takes. Plain arithmetic: a bundle holds millions. */

const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** Four bytes of `10.0.0.5`; undefined for anything else, leading zeros too. */
export function readV4(text: string): Uint8Array | undefined {
  const found = octets.exec(text)
  if (!found) return undefined
  const bytes = new Uint8Array(4)
  for (let index = 0; index < 4; index++) {
    const part = found[index + 1]!
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined
    bytes[index] = Number(part)
  }
  return bytes
}
export const writeV4 = (bytes: Uint8Array): string => bytes.join('.')

/** Sixteen bytes of an IPv6 address in any of its forms, `::ffff:10.0.0.1` too; undefined for anything else. */
export function readV6(text: string): Uint8Array | undefined {
  if (text.length > 45 || text.length < 2 || !/^[0-9a-fA-F:.]+$/.test(text)) return undefined
  const dotted = text.includes('.') ? readV4(text.slice(text.lastIndexOf(':') + 1)) : undefined
  if (text.includes('.') && !dotted) return undefined
  const whole = dotted ? `${text.slice(0, text.lastIndexOf(':') + 1)}${hex(dotted, 0)}:${hex(dotted, 2)}` : text
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [head, tail = []] = halves.map(half => (half === '' ? [] : half.split(':'))) as [string[], string[]?]
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({length: missing}, () => '0'), ...tail]
  if (!groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return Uint8Array.from(groups.flatMap(group => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]))
}
const hex = (bytes: Uint8Array, at: number) => (bytes[at]! * 256 + bytes[at + 1]!).toString(16)

/** As RFC 5952 writes it. */
export function writeV6(bytes: Uint8Array): string {
  const groups = Array.from({length: 8}, (_, index) => hex(bytes, index * 2))
  const run = longestZeros(groups)
  if (run.length < 2) return groups.join(':')
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`
}

function longestZeros(groups: readonly string[]): {start: number; length: number} {
  let best = {start: 0, length: 0}
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = {start, length}
  }
  return best
}

/** Every group with four digits, as `/proc/net` and DNS have it. */
export const writeV6Whole = (bytes: Uint8Array): string => Array.from({length: 8}, (_, index) => hex(bytes, index * 2).padStart(4, '0')).join(':')

/** With everything behind the prefix set to zero. */
export function masked(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((byte, index) => byte & (255 << Math.min(8, Math.max(0, 8 * (index + 1) - prefix))))
}
export const isNetwork = (bytes: Uint8Array, prefix: number): boolean => masked(bytes, prefix).every((byte, index) => byte === bytes[index])
