import {type Collected, known, type Unknown, unknown} from '../engine/collected.ts'
import type {ExecOutput} from '../engine/collector.ts'
import type {Answer} from './exchange.ts'
import type {ExecStreams} from './exec-streams.ts'
import {messageOf, numbered, type Status, unknownFor, whyOf} from './status.ts'
import {oneLine} from './words.ts'

export type Refusal = Answer

export const cutOutput = (streams: ExecStreams, reason: 'flood' | 'timeout' | 'dropped', detail: string): Collected<ExecOutput> =>
  known({...streams.texts(), exit: undefined, cut: {reason, detail}})

/** What the status at the end of an exec means. What was said before a failure of the machinery is kept. */
export function outcomeOf(status: Status, streams: ExecStreams, what: string): Collected<ExecOutput> {
  if (status.status === 'Success') return known({...streams.texts(), exit: 0})
  const said = String(status.message ?? status.reason ?? '')
  const message = shortened(said)
  const {stdout, stderr} = streams.texts()
  const exit = exitOf(status)
  if (exit !== undefined) return known({stdout, stderr, exit})
  const missing = exitWithoutStart(said)
  if (missing !== undefined) return known({stdout, stderr: `${stderr}${message}\n`, exit: missing})
  return streams.empty ? notStarted(message, Number(status.code), what) : cutOutput(streams, 'dropped', message)
}

/** The API server refused before there was a WebSocket. client-node loses the reason. */
export function refused(refusal: Refusal, what: string): Unknown {
  const message = shortened(messageOf(refusal.body))
  return whyOf(refusal.status) === 'failed' ? notStarted(numbered(refusal.status, message), refusal.status, what) : unknownFor(refusal, what)
}

/**
 * The kubelet's own words travel inside the API server's (kubernetes: pkg/kubelet/server, pkg/registry/core/pod/rest). Where the API server translates
 * v5 for the kubelet (1.30 and later, to kubelets that do not take WebSockets) they come after the upgrade, behind words of its SPDY client.
 */
function notStarted(message: string, code: number, what: string): Unknown {
  if (/container not found|container .* is not valid for pod|pod does not exist/.test(message)) return unknown('absent', `${what}: ${message}`)
  if (/error dialing backend|error sending request|no preferred addresses found|no agent available/i.test(message))
    return unknown('unreachable', `${what}: the API server cannot reach the kubelet: ${message}`)
  if (/unable to upgrade connection: (forbidden|unauthorized)/i.test(message))
    return unknown('forbidden', `${what}: the kubelet refuses the API server: ${message}`)
  return unknown(whyOf(code), `${what}: ${message}`)
}

/** The same prefix once for each who passed it on, and a URL with the whole script in it, would push out what matters. */
const shortened = (message: string) => oneLine(message.replace(/^(Internal error occurred: )+/, '').replace(/("https?:\/\/[^/"\s]*)\/[^"\s]*"/g, '$1/…"'))

/** `command terminated with exit code 3` comes as a cause of its own. */
function exitOf({details}: Status): number | undefined {
  const cause = details?.causes?.find(({reason}) => reason === 'ExitCode')
  const exit = Number.parseInt(String(cause?.message), 10)
  return Number.isNaN(exit) ? undefined : exit
}

/** runc and crun say in words what a shell says with 127 and 126. */
function exitWithoutStart(message: string): number | undefined {
  if (/executable file (`[^`]*` )?not found|exec: "[^"]*": (stat [^:]*: )?no such file or directory/.test(message)) return 127
  return /exec: "[^"]*": permission denied|exec format error/.test(message) ? 126 : undefined
}
