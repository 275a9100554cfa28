import {statSync} from 'node:fs'
import {createConnection} from 'node:net'
import {birdSockets} from '../calico/bird-sockets.ts'
import {BirdReply} from './bird-reply.ts'

export interface BirdAnswer {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** BIRD said more than may be kept. */
  readonly flooded?: boolean
}
export interface BirdLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/**
 * `birdcl -s PATH WORDS…` without birdcl, which hosts do not have: asks BIRD on its control socket, and answers as the light client does
 * (bird: client/client.c, doc/reply_codes): its output, its exit status, its words when there is nobody. 124 when the time is over, as `timeout` has it.
 * The first path with a socket counts.
 */
export async function askBird(paths: readonly string[], words: readonly string[], limits: BirdLimits): Promise<BirdAnswer> {
  const refusals: NodeJS.ErrnoException[] = []
  for (const path of paths) {
    const answer = await askOne(path, words.join(' '), limits).catch((error: NodeJS.ErrnoException) => {
      refusals.push(error)
    })
    if (answer) return answer
  }
  const told = refusals.findIndex(({code}) => code !== 'ENOENT')
  return {exit: 1, stdout: '', stderr: `Unable to connect to server control socket (${paths[Math.max(0, told)]}): ${strerror(refusals[Math.max(0, told)])}\n`}
}

/** @throws the socket's error when there is no connection */
function askOne(path: string, command: string, {timeoutMs, maxBytes}: BirdLimits): Promise<BirdAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    const reply = new BirdReply()
    let asked = false
    const end = (answer: BirdAnswer) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end({exit: 124, stdout: reply.text, stderr: ''}), timeoutMs)
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      reply.add(chunk)
      // The greeting is the first answer; only then is BIRD asked.
      if (reply.answers > 0 && !asked) {
        asked = true
        socket.write(`${command}\n`)
      }
      if (reply.size > maxBytes) end({exit: 0, stdout: reply.text.slice(0, maxBytes), stderr: '', flooded: true})
      else if (reply.answers > 1) end({exit: 0, stdout: reply.text, stderr: ''})
    })
    socket.on('end', () => end({exit: 1, stdout: reply.text, stderr: 'Connection closed by server\n'}))
    socket.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

const errnoWords: Record<string, string> = {
  ENOENT: 'No such file or directory',
  ECONNREFUSED: 'Connection refused',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOTDIR: 'Not a directory',
  EAGAIN: 'Resource temporarily unavailable',
}
/** glibc's words, which birdcl prints. */
const strerror = (error: NodeJS.ErrnoException | undefined) => errnoWords[error?.code ?? ''] ?? error?.code ?? 'unknown error'

/** Whether a BIRD runs on this machine, or ran. */
export const hasBirdSocket = (paths: readonly string[] = [...birdSockets[4], ...birdSockets[6]]): boolean => paths.some(isSocket)

function isSocket(path: string): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isSocket() ?? false
  } catch {
    // What we may not look at, we could not ask either.
    return false
  }
}
