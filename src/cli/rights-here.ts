import {configMapNameOf, isOperators, primaryDaemonSet} from '../calico/primary-daemon-set.ts'
import {typhaServiceName} from '../calico/typha-service-name.ts'
import type {Access} from '../engine/collector.ts'
import type {FactName, FactTable} from '../engine/facts.ts'
import {calicoNamespace} from '../engine/plan.ts'

/** What `rightsHere` reads. */
export const factsForRights = ['apiGroup', 'calicoDaemonSets', 'calicoConfig', 'nodeEnv'] as const satisfies readonly FactName[]
type Here = Pick<FactTable, (typeof factsForRights)[number]>

/**
 * Rights as this cluster has use for them: Calico's API group that is in force, its ConfigMap and Typha's Service by the names they have here. What could
 * not be seen stays as it is declared.
 */
export const rightsHere = (access: readonly Access[], here: Here): Access[] =>
  access.flatMap(right => {
    if (isCalicos(right)) return isInForce(right, here) ? [right] : []
    if (right.resource === 'configmaps' && right.namespace === calicoNamespace) return configMapRights(right, here)
    return isTyphas(right) ? typhaRights(right, here) : [right]
  })

const calicoGroups = ['crd.projectcalico.org', 'projectcalico.org']
const isCalicos = ({group}: Access) => calicoGroups.includes(group) || group === 'apiregistration.k8s.io'

/** With etcd the API has nothing of Calico's. */
function isInForce({group}: Access, {apiGroup}: Here): boolean {
  if (!apiGroup.known) return true
  return calicoGroups.includes(group) ? group === apiGroup.value.group : apiGroup.value.mode !== 'etcd'
}

/** The operator keeps its settings elsewhere. */
function configMapRights(right: Access, {calicoDaemonSets}: Here): Access[] {
  const daemonSet = calicoDaemonSets.known ? primaryDaemonSet(calicoDaemonSets.value) : undefined
  if (!daemonSet) return [right]
  const name = configMapNameOf(daemonSet)
  if (isOperators(daemonSet)) return []
  return [name === undefined ? right : {...right, name}]
}

const isTyphas = ({resource, namespace}: Access) => namespace === calicoNamespace && (resource === 'services' || resource === 'endpointslices')

function typhaRights(right: Access, {nodeEnv, calicoConfig}: Here): Access[] {
  const service = typhaServiceName(nodeEnv, calicoConfig)
  if (!service.known) return service.why === 'not-collected' ? [] : [right]
  const {namespace, name} = service.value
  return [{...right, namespace, ...(right.name !== undefined && {name})}]
}
