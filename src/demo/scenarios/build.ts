import {type ApiResource, aggregatedV3Resources, crdV1Resources, kubernetesResources, nativeV3Resources, operatorResources} from '../api-resources.ts'
import type {ClusterState} from '../cluster-state.ts'
import {apiObjects} from './api-services.ts'
import {type CalicoResource, calicoResources, storedAs} from './calico-objects.ts'
import {calicoWorkloads} from './calico-workloads.ts'
import {etcdObjects} from './etcd-objects.ts'
import {ipamObjects} from './ipam-objects.ts'
import {kubernetesObjects, servesServiceCidrs} from './kubernetes-objects.ts'
import {machineOf} from './machines.ts'
import {listVersion, now} from './meta.ts'
import {nodeObject} from './node-objects.ts'
import {operatorObjects} from './operator-objects.ts'
import type {ClusterPlan} from './plan.ts'
import {podObject} from './pod-objects.ts'
import {merge, type Objects} from './put.ts'

/** A cluster out of its plan: every object and every node says the same. */
export function buildCluster(plan: ClusterPlan): ClusterState {
  const resources = servedBy(plan)
  const objects = merge(kubernetesObjects(plan), calicoWorkloads(plan), calicoApi(plan), operatorObjects(plan), apiObjects(plan, resources), {
    nodes: plan.nodes.map(node => nodeObject(plan, node)),
    pods: plan.pods.map(pod => podObject(plan, pod)),
  })
  const podsOf = Map.groupBy(plan.pods, pod => pod.node)
  return {
    kubernetesVersion: plan.kubernetesVersion,
    resourceVersion: listVersion,
    now,
    resources,
    objects: inKeyOrder(objects),
    ...(plan.api === 'none' && {etcd: etcdObjects(plan, calicoResources(plan), ipamObjects(plan))}),
    nodes: Object.fromEntries(plan.nodes.map(node => [node.name, machineOf(plan, node, podsOf.get(node) ?? [])])),
  }
}

function calicoApi(plan: ClusterPlan): Objects {
  const resources = calicoResources(plan)
  const ipam = ipamObjects(plan)
  if (plan.api === 'none') return {}
  if (plan.api === 'native-v3') return storedAs('projectcalico.org', [...resources, ...ipam.map(asV3)])
  const stored = storedAs('crd.projectcalico.org', [...resources, ...ipam])
  return plan.api === 'crd-v1' ? stored : merge(stored, storedAs('projectcalico.org', [...resources, ...ipam.map(asV3).filter(isAggregated)]))
}

/** The aggregated API server serves no blocks and no handles. */
const isAggregated = ({resource}: CalicoResource) => resource !== 'ipamblocks' && resource !== 'ipamhandles'

/** `deleted` of an affinity is text in v1 and a boolean in v3, and the configuration has a longer name (facts §0.5, §4.3). */
function asV3(resource: CalicoResource): CalicoResource {
  if (resource.kind === 'BlockAffinity') return {...resource, spec: {...resource.spec, deleted: false}}
  return resource.kind === 'IPAMConfig' ? {...resource, kind: 'IPAMConfiguration', resource: 'ipamconfigurations'} : resource
}

const calicoResourcesServed = {'crd-v1': crdV1Resources, aggregated: [...crdV1Resources, ...aggregatedV3Resources], 'native-v3': nativeV3Resources, none: []}
function servedBy(plan: ClusterPlan): ApiResource[] {
  const newer = ['servicecidrs', 'ipaddresses']
  const kubernetes = kubernetesResources.filter(({resource}) => servesServiceCidrs(plan) || !newer.includes(resource))
  return [...kubernetes, ...calicoResourcesServed[plan.api], ...(plan.flavour === 'operator' ? operatorResources : [])]
}

/** As etcd keeps keys, so that pages need no sorting. */
function inKeyOrder(objects: Objects): Objects {
  const key = ({metadata: {namespace, name}}: Objects[string][number]) => (namespace === undefined ? name : `${namespace}/${name}`)
  for (const list of Object.values(objects)) {
    const keys = new Map(list.map(object => [object, key(object)]))
    list.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1))
  }
  return objects
}
