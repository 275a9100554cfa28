import {typhaServiceName} from '../calico/typha-service-name.ts'
import type {Access} from '../engine/collector.ts'
import type {FactTable} from '../engine/facts.ts'
import {calicoNamespace} from '../engine/plan.ts'
import {calicosConfigMaps} from './api-evidence.ts'
import {crdGroup, crdKinds, operatorGroup, operatorKinds, v3Group, v3Kinds} from './api-kinds.ts'
import {moreNamespaces} from './api-places.ts'

const lists = (group: string, kinds: readonly {readonly resource: string}[]): Access[] => kinds.map(({resource}) => ({verb: 'list', group, resource}))
const core = (verb: 'get' | 'list', resource: string, more: Partial<Access> = {}): Access => ({verb, group: '', resource, namespace: calicoNamespace, ...more})

/** What raw evidence of the API reads beside the checks; `$calico` stands for Calico's namespaces. Secrets are not among it. */
export const apiEvidenceAccess: readonly Access[] = [
  {verb: 'list', group: '', resource: 'nodes'},
  ...lists(crdGroup, crdKinds),
  ...lists(v3Group, v3Kinds),
  ...lists(operatorGroup, operatorKinds),
  ...lists('apiextensions.k8s.io', [{resource: 'customresourcedefinitions'}]),
  ...['v3.projectcalico.org', 'v1.crd.projectcalico.org', 'v1.operator.tigera.io'].map(
    (name): Access => ({verb: 'get', group: 'apiregistration.k8s.io', resource: 'apiservices', name}),
  ),
  core('list', 'pods'),
  core('get', 'pods'),
  core('get', 'pods', {subresource: 'log'}),
  core('get', 'pods', {subresource: 'proxy'}),
  core('list', 'events'),
  core('list', 'events', {namespace: 'default'}),
  ...calicosConfigMaps.map(name => core('get', 'configmaps', {name})),
  core('get', 'configmaps', {namespace: 'kube-system', name: 'kubeadm-config'}),
  core('get', 'services', {name: 'calico-typha'}),
  core('get', 'endpoints', {name: 'calico-typha'}),
  core('list', 'endpointslices', {group: 'discovery.k8s.io'}),
  ...['daemonsets', 'deployments'].map(resource => core('list', resource, {group: 'apps'})),
  core('list', 'poddisruptionbudgets', {group: 'policy'}),
]

type Here = Pick<FactTable, 'installation' | 'apiGroup' | 'calicoNamespaces' | 'nodeEnv' | 'calicoConfig'>

/**
 * The same as this cluster has use for them: in the API group that is in force, for Typha's Service by its name, and in the namespaces of the operator and of the
 * API server too. What could not be seen stays as it is declared.
 */
export function apiEvidenceAccessIn(facts: Here): Access[] {
  const own = facts.calicoNamespaces.known ? facts.calicoNamespaces.value : []
  const more = moreNamespaces(facts).filter(namespace => !own.includes(namespace))
  const wanted = apiEvidenceAccess.filter(right => isInForce(right, facts)).flatMap(right => (isTyphas(right) ? typhaRights(right, facts) : [right]))
  return wanted.flatMap(right =>
    right.namespace === calicoNamespace && !isOnlyCalicos(right) ? [right, ...more.map(namespace => ({...right, namespace}))] : [right],
  )
}

function isInForce({group}: Access, {apiGroup, installation}: Here): boolean {
  if (group === operatorGroup) return installation.known || installation.why !== 'absent'
  return (group !== crdGroup && group !== v3Group) || !apiGroup.known || group === apiGroup.value.group
}

const isTyphas = ({resource}: Access) => ['services', 'endpoints', 'endpointslices'].includes(resource)
/** Where calico-node is, and nowhere else. */
const isOnlyCalicos = (right: Access) => right.resource === 'configmaps' || right.subresource === 'proxy' || isTyphas(right)

function typhaRights(right: Access, {nodeEnv, calicoConfig}: Here): Access[] {
  const service = typhaServiceName(nodeEnv, calicoConfig)
  if (!service.known) return service.why === 'not-collected' ? [] : [right]
  const {namespace, name} = service.value
  return [{...right, namespace, ...(right.name !== undefined && {name})}]
}
