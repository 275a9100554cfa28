import {once} from 'node:events'
import {connect, isIP, type Socket} from 'node:net'
import {connect as connectTls} from 'node:tls'
import {NoAnswer} from './no-answer.ts'
import {hostOf, portOf} from './proxy.ts'
import {oneLine} from './words.ts'

/** A connection to `host:port` through an http, https or socks5 proxy: what comes out is as if it had been dialled. `onSocket` sees it at once. */
export async function tunnel(proxy: string, host: string, port: number, onSocket: (socket: Socket) => void): Promise<Socket> {
  const url = URL.parse(proxy)
  const kind = url?.protocol.replace(':', '') ?? ''
  if (!url || !['http', 'https', 'socks5', 'socks5h'].includes(kind))
    throw new NoAnswer('unreachable', `the proxy ${oneLine(hidden(proxy))} is neither http, https nor socks5`, {code: 'PROXY'})
  const address = {host: hostOf(url), port: kind.startsWith('socks') ? Number(url.port || 1080) : portOf(url)}
  const socket = kind === 'https' ? connectTls({...address, ...(isIP(address.host) === 0 && {servername: address.host})}) : connect(address)
  onSocket(socket)
  try {
    await once(socket, kind === 'https' ? 'secureConnect' : 'connect')
    await (kind.startsWith('socks') ? socksConnect(socket, host, port, url) : httpConnect(socket, host, port, url))
    return socket
  } catch (error) {
    socket.destroy()
    const {message} = error as Error
    throw new NoAnswer('unreachable', `the proxy ${url.host}: ${oneLine(message)}`, {cause: error, code: 'PROXY'})
  }
}

async function httpConnect(socket: Socket, host: string, port: number, {username, password}: URL): Promise<void> {
  const authority = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  const auth = username === '' ? '' : `Proxy-Authorization: Basic ${login}\r\n`
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${auth}\r\n`)
  const head = await readUntil(socket, seen => {
    const end = seen.indexOf('\r\n\r\n')
    return end < 0 ? undefined : end + 4
  })
  const status = head.toString('latin1').split('\r\n', 1)[0]!
  if (!/^HTTP\/1\.[01] 2\d\d\b/.test(status)) throw new Error(`it answers ${status}`)
}

/** RFC 1928, with a name for the proxy to resolve, as Go does; RFC 1929 where the URL has a login. */
async function socksConnect(socket: Socket, host: string, port: number, {username, password}: URL): Promise<void> {
  const login = username !== ''
  socket.write(Buffer.from(login ? [5, 2, 0, 2] : [5, 1, 0]))
  const [, method] = await readUntil(socket, exactly(2))
  if (method === 2 && login) {
    const [user, secret] = [Buffer.from(decodeURIComponent(username)), Buffer.from(decodeURIComponent(password))]
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([secret.length]), secret]))
    const [, refused] = await readUntil(socket, exactly(2))
    if (refused !== 0) throw new Error('it refuses the login')
  } else if (method !== 0) throw new Error('it asks for a login')
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(host), Buffer.from([port >> 8, port & 255])]))
  // Version, reply, reserved, then an address of a length that depends on its type.
  const reply = await readUntil(socket, seen => (seen.length < 5 ? undefined : exactly(seen[3] === 1 ? 10 : seen[3] === 4 ? 22 : 7 + seen[4]!)(seen)))
  if (reply[1] !== 0) throw new Error(`it cannot reach the API server (SOCKS reply ${reply[1]})`)
}

function socksAddress(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)])
  const name = Buffer.from(host)
  return Buffer.concat([Buffer.from([3, name.length]), name])
}

const exactly = (length: number) => (seen: Buffer) => (seen.length >= length ? length : undefined)

/** What comes up to the end that `endOf` finds; the rest goes back into the socket. */
function readUntil(socket: Socket, endOf: (seen: Buffer) => number | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0)
    const stop = () => {
      socket.off('readable', read)
      socket.off('error', fail)
      socket.off('end', ended)
    }
    const fail = (error: Error) => {
      stop()
      reject(error)
    }
    const ended = () => fail(new Error('it closed the connection'))
    const read = () => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) seen = Buffer.concat([seen, chunk])
      const end = endOf(seen)
      if (end === undefined) return seen.length > 16_384 ? fail(new Error('its answer does not end')) : undefined
      stop()
      if (seen.length > end) socket.unshift(seen.subarray(end))
      resolve(seen.subarray(0, end))
    }
    socket.on('readable', read)
    socket.on('error', fail)
    socket.on('end', ended)
  })
}

const hidden = (proxy: string) => proxy.replace(/\/\/[^@/]*@/, '//…@')
