/** As ss calls them (include/net/tcp_states.h). */
const states = [
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'UNCONN',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'NEW-SYN-RECV',
]
const row =
  /^\/proc\/net\/tcp6?: +\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8}) /

/**
 * Lines of /proc/net/tcp and tcp6 as ss would print them: `ESTAB 10.0.0.1:179 10.0.0.2:45122 send-queue 0 receive-queue 0`. Left in the kernel's hexadecimal
 * words nobody could read them at night, and addresses would pass by who looks for them to put pseudonyms in their place.
 */
export function readableSockets(text: string, {bigEndian}: {readonly bigEndian: boolean}): string {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.includes('local_address'))
  return lines.map(line => `${socketOf(line, bigEndian) ?? '(calico-doctor: a line that cannot be read)'}\n`).join('')
}

function socketOf(line: string, bigEndian: boolean): string | undefined {
  const [, local, localPort, remote, remotePort, state, send, receive] = row.exec(line) ?? []
  if (local === undefined || remote === undefined) return undefined
  const end = (address: string, port: string | undefined) => `${addressOf(address, bigEndian)}:${number(port)}`
  const name = states[number(state) - 1] ?? `state ${state}`
  return `${name} ${end(local, localPort)} ${end(remote, remotePort)} send-queue ${number(send)} receive-queue ${number(receive)}`
}

const number = (hex: string | undefined) => Number.parseInt(hex ?? '', 16)

/** Words of four bytes, each in the machine's own order (net/ipv4/tcp_ipv4.c: get_tcp4_sock). */
function addressOf(hex: string, bigEndian: boolean): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => {
    const inOrder = (word.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16))
    return bigEndian ? inOrder : inOrder.reverse()
  })
  return bytes.length === 4 ? bytes.join('.') : `[${ipv6(bytes)}]`
}

/** The URL parser knows the short form (RFC 5952), and IPv4 in IPv6. */
function ipv6(bytes: readonly number[]): string {
  const mapped = bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return `::ffff:${bytes.slice(12).join('.')}`
  const groups = Array.from({length: 8}, (_, index) => ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
