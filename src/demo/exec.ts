import type {RawData, WebSocket} from 'ws'
import type {ExecAnswer} from './faults.ts'
import {runOnNode} from './node-commands.ts'
import {answerProbes, readProbeScript} from './probe-reader.ts'
import type {CommandOutput, SimulatedNode} from './simulated-node.ts'

/** Channels of the remote command protocol; the first byte of each message. */
const channels = {stdout: 1, stderr: 2, error: 3, close: 255} as const
/** Odd on purpose: a message may end anywhere in a line. */
const messageBytes = 16_381
const floodBytes = 50 * 1024 * 1024

export interface ExecRequest {
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
}
type Output = {readonly stdout: Buffer; readonly stderr: Buffer; readonly status: object}

/** Speaks v5 or v4 of channel.k8s.io on an upgraded connection: output, then a Status, then a close with 1000. */
export async function serveExec(socket: WebSocket, node: SimulatedNode | undefined, request: ExecRequest, fault: ExecAnswer | undefined): Promise<void> {
  socket.on('error', () => socket.terminate())
  socket.on('message', ignoreInput)
  // The server says hello with an empty message on its first channel (kubelet/pkg/cri/streaming/remotecommand/websocket.go).
  await send(socket, request.stdout ? channels.stdout : channels.stderr, Buffer.alloc(0))
  if (fault === 'silence') return
  const output = await outputOf(node, request, {fault, protocol: socket.protocol})
  const whole = fault === undefined || typeof fault === 'object' || fault === 'flood'
  await write(socket, channels.stdout, request.stdout ? part(output.stdout, whole) : Buffer.alloc(0))
  await write(socket, channels.stderr, request.stderr && whole ? output.stderr : Buffer.alloc(0))
  if (fault === 'drop') return socket.terminate()
  if (fault !== 'half') await send(socket, channels.error, Buffer.from(JSON.stringify(fault === 'truncated' ? success : output.status)))
  socket.close(1000)
}

/** v5's close of stdin, or stdin itself: nothing here reads it. */
const ignoreInput = (_data: RawData) => {}
/** Cut inside the second half, where surely a frame is open. */
const part = (bytes: Buffer, whole: boolean) => (whole ? bytes : bytes.subarray(0, Math.floor(bytes.length * 0.6)))

interface Way {
  readonly fault: ExecAnswer | undefined
  readonly protocol: string
}
async function outputOf(node: SimulatedNode | undefined, {command}: ExecRequest, {fault, protocol}: Way): Promise<Output> {
  if (!node) return {stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), status: internalError('no such container', protocol)}
  if (node.exec) {
    const {stdout, stderr, exit} = await node.exec(command)
    return {stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), status: exitStatus(exit)}
  }
  const run = (argv: readonly string[]) => flooded(argv, fault) ?? runOnNode(node, argv)
  const probes = command[0] === 'sh' && command[1] === '-c' ? readProbeScript(command[2] ?? '') : undefined
  if (probes) {
    const {stdout, stderr} = answerProbes(probes, run)
    return {stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), status: success}
  }
  const {stdout, stderr, exit} = run(command)
  const notThere = exit === 127 && command[0] !== 'sh'
  return {
    stdout: Buffer.from(notThere ? '' : stdout),
    stderr: Buffer.from(notThere ? '' : stderr),
    status: notThere ? internalError(notInPath(command[0] ?? ''), protocol) : exitStatus(exit),
  }
}

let flood: CommandOutput | undefined
/** One line without an end, which no `sed Nq` can shorten. */
function flooded(argv: readonly string[], fault: ExecAnswer | undefined): CommandOutput | undefined {
  const wanted = fault === 'flood' ? 'ip -j' : typeof fault === 'object' && 'flood' in fault ? fault.flood : undefined
  if (wanted === undefined || !argv.join(' ').includes(wanted)) return undefined
  return (flood ??= {exit: 0, stdout: 'y'.repeat(floodBytes), stderr: ''})
}

const success = {metadata: {}, status: 'Success'}

function exitStatus(exit: number): object {
  if (exit === 0) return success
  const message = `command terminated with non-zero exit code: command terminated with exit code ${exit}`
  return {metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: {causes: [{reason: 'ExitCode', message: String(exit)}]}}
}

/** As containerd and runc word it. */
const notInPath = (command: string) =>
  `failed to exec in container: failed to start exec "f1d2d2f924e986ac": OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(command)}: executable file not found in $PATH: unknown`

/** Who translates v5 for the runtime reads its status as an error of his own, and wraps it once more (apiserver: util/proxy/streamtranslator.go). */
function internalError(why: string, protocol: string): object {
  const inner = `error executing command in container: ${why}`
  const said = protocol === 'v5.channel.k8s.io' ? `Internal error occurred: ${inner}` : inner
  const message = `Internal error occurred: ${said}`
  return {metadata: {}, status: 'Failure', message, reason: 'InternalError', details: {causes: [{message: said}]}, code: 500}
}

async function write(socket: WebSocket, channel: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && socket.readyState === socket.OPEN; at += messageBytes)
    await send(socket, channel, bytes.subarray(at, at + messageBytes))
}

/** Waits until the bytes are on their way, so that a client that stops reading stops us. A closed connection is no error here. */
const send = (socket: WebSocket, channel: number, bytes: Buffer): Promise<void> =>
  new Promise(resolve => {
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.send(Buffer.concat([Buffer.of(channel), bytes]), {binary: true, compress: false}, () => resolve())
  })
