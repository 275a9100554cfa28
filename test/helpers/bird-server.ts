import {createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {tempFolder} from './temp-folder.ts'

/** A control socket that greets as BIRD does, then answers each command with the lines that `answers` has for it. Returns its path. */
export const startBird = (answers: Readonly<Record<string, string>>): Promise<string> =>
  startSocket(socket => {
    socket.write('0001 BIRD v0.3.3+birdv1.6.8 ready.\n')
    socket.on('data', command => {
      const answer = answers[command.toString().trim()]
      socket.write(answer ?? '9001 syntax error\n')
    })
  })

export async function startSocket(answer: (socket: Socket) => void): Promise<string> {
  const path = join(tempFolder(), 'bird.ctl')
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('error', () => {})
    answer(socket)
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return path
}
