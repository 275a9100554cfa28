import {randomBytes} from 'node:crypto'
import {runOnNode} from '../../src/demo/node-commands.ts'
import {answerProbes, readProbeScript} from '../../src/demo/probe-reader.ts'
import type {SimulatedNode} from '../../src/demo/simulated-node.ts'

/** What becomes of a command that exec is asked to run in a container. */
export type Started =
  | {readonly file: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>}
  /** A program that is only played. */
  | {readonly stdout: string | Buffer; readonly stderr: string | Buffer; readonly exit: number}
  /** The container runtime could not start it, and says so. */
  | {readonly notStarted: string}
export type Executor = (command: readonly string[]) => Started

/** In the words of containerd 2 with runc. */
export function notInPath(program: string): Started {
  const id = randomBytes(32).toString('hex')
  const found = program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'
  const why = `exec: ${JSON.stringify(program)}: ${found}`
  return {
    notStarted: `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown`,
  }
}

/** A machine of the simulated cluster behind the real API server. */
export const simulatedExecutor =
  (node: SimulatedNode): Executor =>
  command => {
    const [program = '', flag, script = ''] = command
    const probes = program === 'sh' && flag === '-c' ? readProbeScript(script) : undefined
    if (probes) return {...answerProbes(probes, argv => runOnNode(node, argv)), exit: 0}
    const output = runOnNode(node, command)
    return output.exit === 127 && program !== 'sh' ? notInPath(program) : output
  }
