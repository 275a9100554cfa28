import {StringDecoder} from 'node:string_decoder'
import {type Collected, known, type Unknown, unknown} from '../engine/collected.ts'
import type {Limits} from '../engine/collector.ts'
import {type Answer, exchange} from './exchange.ts'
import {NoAnswer} from './no-answer.ts'
import {messageOf, numbered, unknownBecause, unknownFor} from './status.ts'
import {type Sink, textSink} from './text-sink.ts'
import type {Wire} from './wire.ts'
import {oneLine} from './words.ts'

/**
 * One page of text, read as it comes. What was read before the limit, the deadline or a broken connection is kept: of a log, half is better than none.
 * Never throws for what the server does.
 */
export async function getText(wire: Wire, path: string, {maxBytes, ...bounds}: Limits): Promise<Collected<string>> {
  const what = `GET ${named(path)}`
  const sink = textSink(maxBytes)
  try {
    const answer = await exchange(wire, {path, ...bounds, accept: '*/*', read: sink.read})
    return isGood(answer) ? textOf(sink) : refused(answer, what)
  } catch (error) {
    if (!isGood({status: sink.status}) || sink.bytes === 0) return unknownBecause(error, what)
    return textOf(sink, error instanceof NoAnswer ? error.message : String(error))
  }
}

const isGood = ({status}: Pick<Answer, 'status'>) => status >= 200 && status < 300

/** A character that was cut in two is left out. */
function textOf(sink: Sink, stopped = sink.cut): Collected<string> {
  const decoder = new StringDecoder('utf8')
  const body = decoder.write(sink.taken())
  return stopped === undefined ? known(body + decoder.end()) : known(body, `only the first ${sink.bytes} bytes: ${stopped}`)
}

/**
 * The kubelet's words about a log come as 400 (pkg/kubelet: validateContainerLogStatus), and what the API server met on its way to a kubelet or a pod's port
 * as 500 or 503 with Go's words.
 */
function refused({status, body}: Answer, what: string): Unknown {
  const message = numbered(status, oneLine(messageOf(body)))
  if (status === 400 && hasNone.test(message)) return unknown('absent', `${what}: ${message}`)
  if (status >= 500 && isNotReached.test(message)) return unknown('unreachable', `${what}: ${message}`)
  return unknownFor({status, body}, what)
}

/** No log, no node, or no address: a pod that has none yet is `address not allowed` (kubernetes: pod.ResourceLocation). */
const hasNone =
  /previous terminated container .* not found|is waiting to start|is not available|is terminated|is not valid for pod|does not have a host assigned|address not allowed/

/** `Get "https://…": remote error: tls: internal error` is a kubelet whose certificate nobody signed (net/http: url.Error). */
const isNotReached =
  /^5\d\d Get "https?:|dial tcp|error trying to reach service|error dialing backend|proxy error from|connection refused|no route to host|no agent available|no preferred addresses found|i\/o timeout/i

/** The pod and the container; the rest of the query says little. */
function named(path: string): string {
  const [place = '', query = ''] = path.split('?', 2)
  const asked = new URLSearchParams(query)
  const container = asked.get('container')
  const words = [container !== null && `container ${container}`, asked.get('previous') === 'true' && 'previous'].filter(Boolean)
  return words.length === 0 ? place : `${place} (${words.join(', ')})`
}
