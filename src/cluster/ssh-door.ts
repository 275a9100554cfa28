import {type Collected, known, unknown} from '../engine/collected.ts'
import type {ExecOutput, Limits, NodeDoor, NodeToAsk} from '../engine/collector.ts'
import {scriptDoor} from '../engine/script-door.ts'
import {type CommandAnswer, runCommand} from './run-command.ts'
import {troubleOnHost} from './ssh-outcome.ts'
import {hostScript} from './ssh-script.ts'
import {duration, oneLine} from './words.ts'

export interface SshOptions {
  readonly user?: string
  /** As `ssh -o` takes them: `IdentityFile=~/.ssh/lab`. They beat ours. */
  readonly options: readonly string[]
  readonly port?: number
}

/** Nodes by ssh: the same script runs in the calico-node container, by the host's `crictl exec`. Asks nothing of the user: keys and known hosts must be there. */
export const sshDoor = (options: SshOptions): NodeDoor => scriptDoor((node, script, limits) => runBySsh(options, node, script, limits))

async function runBySsh(options: SshOptions, {name, address = name}: NodeToAsk, script: string, limits: Limits): Promise<Collected<ExecOutput>> {
  // Addresses come from the API, and a ProxyCommand puts them into a shell.
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.:%-]*$/.test(address)) return unknown('failed', `${JSON.stringify(address.slice(0, 80))} is no address for ssh`)
  const answer = await runCommand(sshArgv(options, address, limits), {...limits, input: hostScript(script)})
  return outcome(answer, address, limits)
}

/** The remote shell is the user's own, of whatever kind: it only has to start `sh`, which reads all else from its input. */
function sshArgv({user, options, port}: SshOptions, address: string, {timeoutMs}: Limits): string[] {
  const connectTimeout = Math.min(10, Math.max(1, Math.floor(timeoutMs / 1000) - 1))
  // The first value of an option counts (ssh_config(5)), so the user's come first.
  const all = [...options, 'BatchMode=yes', `ConnectTimeout=${connectTimeout}`, 'ServerAliveInterval=5', 'LogLevel=ERROR'].flatMap(option => ['-o', option])
  return ['ssh', '-T', ...all, ...(port === undefined ? [] : ['-p', String(port)]), ...(user === undefined ? [] : ['-l', user]), '--', address, 'sh']
}

function outcome({stdout, stderr, exit, flooded, timedOut}: CommandAnswer, address: string, {timeoutMs, maxBytes}: Limits): Collected<ExecOutput> {
  const cut = (reason: 'flood' | 'timeout' | 'dropped', detail: string) => known({stdout, stderr, exit: undefined, cut: {reason, detail}})
  if (flooded) return cut('flood', `more than ${maxBytes} bytes`)
  if (timedOut && stdout === '') return unknown('timeout', `ssh ${address}: no answer in ${duration(timeoutMs)}`)
  if (timedOut) return cut('timeout', `no complete answer in ${duration(timeoutMs)}`)
  // 255 is ssh's own; 127 when there is no ssh here.
  if (stdout === '') return troubleOnHost(exit, stderr, address) ?? known({stdout, stderr, exit})
  return exit === 255 ? cut('dropped', `ssh ${address}: ${oneLine(stderr.trim().split('\n').at(-1) ?? '')}`) : known({stdout, stderr, exit})
}
