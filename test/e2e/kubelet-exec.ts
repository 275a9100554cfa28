import {type ChildProcess, spawn} from 'node:child_process'
import {constants} from 'node:os'
import type {Readable} from 'node:stream'
import type {WebSocket} from 'ws'
import type {Executor, Started} from './executor.ts'

/** What the API server asks a kubelet for, in the names of its query. */
export interface ExecRequest {
  readonly command: readonly string[]
  readonly output: boolean
  readonly error: boolean
}
const channel = {stdout: 1, stderr: 2, status: 3}
/** io.Copy's buffer: no message is longer, and a line can be split anywhere. */
const chunkBytes = 32 * 1024

/**
 * Speaks v4 as a CRI runtime's streaming server does, or v5 as a kubelet does that translates it (kubernetes: k8s.io/cri-streaming remotecommand,
 * pkg/kubelet/server, apiserver/pkg/util/proxy). Standard input is not served.
 */
export async function serveExec(socket: WebSocket, {command, output, error}: ExecRequest, execute: Executor, children: Set<ChildProcess>): Promise<void> {
  socket.on('error', () => socket.terminate())
  // The first message is empty: a writable channel says that the connection stands.
  await send(socket, output ? channel.stdout : error ? channel.stderr : channel.status, Buffer.alloc(0))
  const wanted = {stdout: output, stderr: error}
  const status = statusOf(await run(socket, execute(command), wanted, children), socket.protocol)
  await send(socket, channel.status, Buffer.from(JSON.stringify(status)))
  socket.close(1000)
}

type Ended = {readonly exit: number} | {readonly notStarted: string}

async function run(socket: WebSocket, started: Started, wanted: {stdout: boolean; stderr: boolean}, children: Set<ChildProcess>): Promise<Ended> {
  if ('notStarted' in started) return started
  if ('file' in started) return runChild(socket, started, wanted, children)
  if (wanted.stdout) await write(socket, channel.stdout, Buffer.from(started.stdout))
  if (wanted.stderr) await write(socket, channel.stderr, Buffer.from(started.stderr))
  return {exit: started.exit}
}

type Child = Extract<Started, {file: string}>
async function runChild(socket: WebSocket, {file, args, env}: Child, wanted: {stdout: boolean; stderr: boolean}, children: Set<ChildProcess>): Promise<Ended> {
  const child = spawn(file, args, {env, stdio: ['ignore', wanted.stdout ? 'pipe' : 'ignore', wanted.stderr ? 'pipe' : 'ignore']})
  children.add(child)
  // A client that goes away ends nothing in the container; what it prints has nowhere to go.
  socket.once('close', () => [child.stdout, child.stderr].forEach(stream => stream?.destroy()))
  const ended = new Promise<Ended>(resolve => {
    child.once('error', ({message}) => resolve({notStarted: message}))
    child.once('exit', (code, signal) => resolve({exit: code ?? 128 + constants.signals[signal ?? 'SIGKILL']}))
  })
  await Promise.all([copy(socket, channel.stdout, child.stdout), copy(socket, channel.stderr, child.stderr)])
  const result = await ended
  children.delete(child)
  return result
}

async function copy(socket: WebSocket, to: number, stream: Readable | null): Promise<void> {
  if (stream === null) return
  try {
    for await (const chunk of stream) await write(socket, to, chunk)
  } catch {
    // Destroyed because the client went away.
  }
}

async function write(socket: WebSocket, to: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && socket.readyState === socket.OPEN; at += chunkBytes) await send(socket, to, bytes.subarray(at, at + chunkBytes))
}

/** Waits until the bytes are on their way, so that a client that stops reading stops the command. */
const send = (socket: WebSocket, to: number, bytes: Buffer): Promise<void> =>
  new Promise(resolve => {
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.send(Buffer.concat([Buffer.of(to), bytes]), {binary: true, compress: false}, () => resolve())
  })

function statusOf(ended: Ended, protocol: string): object {
  if ('notStarted' in ended) return internalError(ended.notStarted, protocol)
  if (ended.exit === 0) return {metadata: {}, status: 'Success'}
  const message = `command terminated with non-zero exit code: command terminated with exit code ${ended.exit}`
  return {metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: {causes: [{reason: 'ExitCode', message: String(ended.exit)}]}}
}

/** A kubelet that translates v5 reads the runtime's status as an error of its own, and wraps its message once more. */
function internalError(why: string, protocol: string): object {
  const inner = `error executing command in container: ${why}`
  const said = protocol === 'v5.channel.k8s.io' ? `Internal error occurred: ${inner}` : inner
  const message = `Internal error occurred: ${said}`
  return {metadata: {}, status: 'Failure', message, reason: 'InternalError', details: {causes: [{message: said}]}, code: 500}
}
