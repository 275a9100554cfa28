import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'

/** A way to a server on which connections can be cut, and new ones held up. */
export interface WatchWay {
  readonly url: string
  /** Cuts what is open; who comes now waits. */
  shut(): void
  /** Lets those in who wait. */
  open(): void
  close(): void
}

export async function watchWayTo(url: string): Promise<WatchWay> {
  const {hostname, port} = new URL(url)
  const sockets = new Set<Socket>()
  let gate = Promise.withResolvers<void>()
  gate.resolve()
  const server = createServer(near => {
    sockets.add(near)
    near.on('error', () => near.destroy())
    near.on('close', () => sockets.delete(near))
    void gate.promise.then(() => join(near, connect(Number(port), hostname)))
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut: () => {
      gate = Promise.withResolvers()
      cut()
    },
    open: () => gate.resolve(),
    close: () => {
      server.close()
      cut()
    },
  }
}

function join(near: Socket, far: Socket): void {
  far.on('error', () => near.destroy())
  far.on('close', () => near.destroy())
  near.on('close', () => far.destroy())
  near.pipe(far)
  far.pipe(near)
}
