import {setTimeout as sleep} from 'node:timers/promises'
import type {Env} from './connect-options.ts'
import type {Bounds} from './deadline.ts'
import {type Identity, noPage, type Refusal, refusalIn, refusalOf} from './etcd-errors.ts'
import {type Range, type RangePage, readPage} from './etcd-range.ts'
import {exchange} from './exchange.ts'
import type {Target} from './target.ts'
import {openWire, type Wire} from './wire.ts'

/** One member of an etcd cluster. */
export interface EtcdEndpoint {
  readonly url: string
  /** Linearizable, as Calico itself reads: a member that has lost the others says so, and never answers with what was. */
  range(range: Range, bounds: Bounds): Promise<RangePage | Refusal>
  close(): void
}

/** Between tries while members choose a leader; etcd's own clients ask again too. */
const electionMs = 500
const maxTries = 8

export const isRefusal = (answer: RangePage | Refusal): answer is Refusal => 'why' in answer

/** Its JSON gateway: https://etcd.io/docs/latest/dev-guide/api_grpc_gateway. `url` must be http or https. */
export function etcdEndpoint(url: string, identity: Identity, env: Env): EtcdEndpoint {
  let wire: Promise<Wire> | undefined
  const once = async (range: Range, bounds: Bounds) => {
    try {
      const open = await (wire ??= openWire(targetOf(new URL(url), identity), env))
      const answer = await exchange(open, {method: 'POST', path: '/v3/kv/range', body: JSON.stringify(range), ...bounds})
      return answer.status === 200 ? (readPage(parsed(answer.body), range) ?? noPage) : refusalIn(answer)
    } catch (error) {
      return refusalOf(error, url, identity)
    }
  }
  const range = async (range: Range, bounds: Bounds) => {
    for (let tries = 1; ; tries++) {
      const answer = await once(range, bounds)
      if (!isRefusal(answer) || !answer.passing || tries === maxTries || bounds.signal?.aborted) return answer
      await sleep(electionMs, undefined, {signal: bounds.signal}).catch(() => {})
    }
  }
  return {url, range, close: () => void wire?.then(open => open.close()).catch(() => {})}
}

const targetOf = (server: URL, {ca, certificate, key}: Identity): Target => ({
  context: '',
  server,
  cluster: {name: 'etcd', ...(ca !== undefined && {ca: {text: ca}}), insecure: false, compress: false, body: {}},
  user: {
    name: 'etcd',
    ...(certificate !== undefined && {certificate: {text: certificate}}),
    ...(key !== undefined && {key: {text: key}}),
    asGroups: [],
    asExtra: {},
    body: {},
  },
})

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // No JSON is no answer of etcd's: readPage says so.
    return undefined
  }
}
