import {type Collected, unknown} from './collected.ts'
import type {Cluster, NodeDoor} from './collector.ts'

/**
 * A door by pod exec that asks once for the right before it knocks at a thousand nodes. A WebSocket exec is authorised as `get` before Kubernetes
 * 1.35 and as `create` since, so only a no to both is a no; where the question itself fails, the exec will tell.
 */
export function askingRightsFirst(door: NodeDoor, cluster: Cluster): NodeDoor {
  const refusals = new Map<string, Promise<string | undefined>>()
  const refusal = (namespace: string) => {
    const asked = refusals.get(namespace) ?? refusalIn(cluster, namespace)
    refusals.set(namespace, asked)
    return asked
  }
  return {
    async ask(node, probes, limits) {
      const refused = node.target && (await refusal(node.target.namespace))
      return refused === undefined ? door.ask(node, probes, limits) : new Map([...probes.keys()].map(source => [source, unknown('forbidden', refused)]))
    },
  }
}

async function refusalIn(cluster: Cluster, namespace: string): Promise<string | undefined> {
  const right = {group: '', resource: 'pods', subresource: 'exec', namespace} as const
  const [get, create] = await Promise.all([cluster.can({verb: 'get', ...right}), cluster.can({verb: 'create', ...right})])
  return isNo(get) && isNo(create) ? `no right to exec into pods of ${namespace} (pods/exec, verbs get and create)` : undefined
}

const isNo = (answer: Collected<boolean>) => answer.known && !answer.value
