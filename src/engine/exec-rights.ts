import {type Collected, type Unknown, unknown} from './collected.ts'
import type {Cluster, NodeDoor} from './collector.ts'

/** Verbs on pods/exec that are known to be missing in a namespace, and whether it came to a refusal. */
interface Rights {
  readonly missing: readonly ('get' | 'create')[]
  refused: boolean
}

/** Rights may be given or taken while a live view looks on. */
const goodMs = 30_000

/**
 * A door by pod exec that asks for the rights before it knocks at a thousand nodes. A WebSocket exec is a GET, so without `get` there is none.
 * Kubernetes 1.35 and later want `create` too, and refuse without a word about it (AuthorizePodWebsocketUpgradeCreatePermission); before, the exec goes
 * well, so it has to tell. Where the question itself fails, the exec tells as well.
 */
export function askingRightsFirst(door: NodeDoor, cluster: Cluster): NodeDoor {
  const asked = new Map<string, {readonly at: number; readonly rights: Promise<Rights>}>()
  const rightsOnce = (namespace: string) => {
    const before = asked.get(namespace)
    if (before && performance.now() - before.at < goodMs) return before.rights
    const rights = rightsIn(cluster, namespace)
    asked.set(namespace, {at: performance.now(), rights})
    return rights
  }
  return {
    async ask(node, probes, limits) {
      if (!node.target) return door.ask(node, probes, limits)
      const {namespace} = node.target
      const rights = await rightsOnce(namespace)
      const answers = rights.refused ? undefined : await door.ask(node, probes, limits)
      if (answers && (rights.missing.length === 0 || ![...answers.values()].some(isForbidden))) return answers
      rights.refused = true
      return new Map([...probes.keys()].map(source => [source, refusal(namespace, rights)]))
    },
  }
}

async function rightsIn(cluster: Cluster, namespace: string): Promise<Rights> {
  const verbs = ['get', 'create'] as const
  const answers = await Promise.all(verbs.map(verb => cluster.can({verb, group: '', resource: 'pods', subresource: 'exec', namespace})))
  const missing = verbs.filter((_verb, index) => isNo(answers[index]!))
  return {missing, refused: missing.includes('get')}
}

function refusal(namespace: string, {missing}: Rights): Unknown {
  const onlyCreate = missing.includes('get') ? '' : ', which Kubernetes 1.35 and later want beside get'
  const verbs = `${missing.length > 1 ? 'verbs' : 'verb'} ${missing.join(' and ')}${onlyCreate}`
  return unknown('forbidden', `no right to exec into pods of ${namespace} (pods/exec, ${verbs})`)
}

const isNo = (answer: Collected<boolean>) => answer.known && !answer.value
const isForbidden = (answer: Collected<unknown>) => !answer.known && answer.why === 'forbidden'
