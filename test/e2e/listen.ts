import type {Server} from 'node:https'
import type {AddressInfo, Socket} from 'node:net'

export interface Listening {
  readonly address: string
  readonly port: number
  /** Breaks what is still open. */
  close(): Promise<void>
}

/** On a free port of an address, or on the one that is wanted. */
export async function listen(server: Server, address: string, wanted = 0): Promise<Listening> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, address, resolve))
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return {address, port: (server.address() as AddressInfo).port, close}
}
