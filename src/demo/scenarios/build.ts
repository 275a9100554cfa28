import {aggregatedV3Resources, crdV1Resources, kubernetesResources, nativeV3Resources, operatorResources} from '../api-resources.ts'
import type {ClusterState} from '../cluster-state.ts'
import {calicoResources, storedAs} from './calico-objects.ts'
import {calicoWorkloads} from './calico-workloads.ts'
import {ipamObjects} from './ipam-objects.ts'
import {kubernetesObjects} from './kubernetes-objects.ts'
import {machineOf} from './machines.ts'
import {listVersion, now} from './meta.ts'
import {nodeObject} from './node-objects.ts'
import type {ClusterPlan} from './plan.ts'
import {podObject} from './pod-objects.ts'
import {merge, type Objects} from './put.ts'

/** A cluster out of its plan: every object and every node says the same. */
export function buildCluster(plan: ClusterPlan): ClusterState {
  const objects = merge(kubernetesObjects(plan), calicoWorkloads(plan), calicoApi(plan), {
    nodes: plan.nodes.map(node => nodeObject(plan, node)),
    pods: plan.pods.map(pod => podObject(plan, pod)),
  })
  const podsOf = Map.groupBy(plan.pods, pod => pod.node)
  return {
    kubernetesVersion: plan.kubernetesVersion,
    resourceVersion: listVersion,
    now,
    resources: servedBy(plan),
    objects: inKeyOrder(objects),
    nodes: Object.fromEntries(plan.nodes.map(node => [node.name, machineOf(plan, node, podsOf.get(node) ?? [])])),
  }
}

function calicoApi(plan: ClusterPlan): Objects {
  if (plan.api === 'none') return {}
  const resources = calicoResources(plan)
  const ipam = ipamObjects(plan)
  if (plan.api === 'crd-v1') return storedAs('crd.projectcalico.org', [...resources, ...ipam])
  if (plan.api === 'native-v3') return storedAs('projectcalico.org', [...resources, ...ipam])
  return merge(storedAs('crd.projectcalico.org', [...resources, ...ipam]), storedAs('projectcalico.org', resources))
}

const calicoResourcesServed = {'crd-v1': crdV1Resources, aggregated: [...crdV1Resources, ...aggregatedV3Resources], 'native-v3': nativeV3Resources, none: []}
const servedBy = ({api, flavour}: ClusterPlan) => [...kubernetesResources, ...calicoResourcesServed[api], ...(flavour === 'operator' ? operatorResources : [])]

/** As etcd keeps keys, so that pages need no sorting. */
function inKeyOrder(objects: Objects): Objects {
  const key = ({metadata: {namespace, name}}: Objects[string][number]) => (namespace === undefined ? name : `${namespace}/${name}`)
  for (const list of Object.values(objects)) {
    const keys = new Map(list.map(object => [object, key(object)]))
    list.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1))
  }
  return objects
}
