import {STATUS_CODES} from 'node:http'
import type {Duplex} from 'node:stream'
import type {Answer} from './respond.ts'

/** An answer on a connection that wanted an upgrade: plain HTTP, then closed. */
export function refuseUpgrade(socket: Duplex, {code, type, body, headers = {}}: Answer): void {
  const lines = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? 'Unknown'}`,
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]))
}
