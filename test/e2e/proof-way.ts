import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'

export interface Way {
  readonly url: string
  /** Of answers, so far. */
  bytes(): number
  close(): void
}

/** A way to a server that breaks after so many bytes of answers: every connection is cut, and nobody listens there any more. */
export async function wayTo(url: string, mostBytes = Number.POSITIVE_INFINITY): Promise<Way> {
  const {hostname, port} = new URL(url)
  const open = new Set<Socket>()
  let bytes = 0
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => [near, far].forEach(end => end.destroy()))
    }
    near.pipe(far)
    far.on('data', data => {
      near.write(data.subarray(0, Math.max(0, mostBytes - bytes)))
      bytes += data.length
      if (bytes >= mostBytes) close()
    })
  })
  const close = () => {
    server.close()
    for (const socket of open) socket.resetAndDestroy()
  }
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, bytes: () => bytes, close}
}
