import {type ApiResource, groupVersion} from '../api-resources.ts'
import type {KubeObject} from '../cluster-state.ts'
import {created, objectOf} from './meta.ts'
import type {ClusterPlan} from './plan.ts'
import {type Objects, put} from './put.ts'

/** An APIService for every group version, and a CRD for every custom resource, as the API server keeps them. */
export function apiObjects(plan: ClusterPlan, resources: readonly ApiResource[]): Objects {
  const objects: Objects = {}
  const versions = new Map(resources.map(resource => [groupVersion(resource), resource]))
  for (const resource of versions.values()) put(objects, 'apiservices.apiregistration.k8s.io', apiService(plan, resource))
  for (const resource of resources) if (resource.custom) put(objects, 'customresourcedefinitions.apiextensions.k8s.io', definition(resource))
  return objects
}

/** Behind a Service for the aggregated API server; local for everything else. The server's namespace moved in 3.31 (facts §12). */
function apiService({api, flavour, calicoVersion}: ClusterPlan, {group, version}: ApiResource): KubeObject {
  const aggregated = api === 'aggregated' && group === 'projectcalico.org'
  const moved = Number(calicoVersion.split('.')[1]) >= 31
  const namespace = flavour === 'operator' && moved ? 'calico-system' : 'calico-apiserver'
  const condition = aggregated ? {reason: 'Passed', message: 'all checks passed'} : {reason: 'Local', message: 'Local APIServices are always available'}
  return objectOf(
    'APIService',
    `${version}.${group}`,
    {...(!aggregated && {labels: {'kube-aggregator.kubernetes.io/automanaged': 'true'}})},
    {
      spec: {
        ...(aggregated && {service: {namespace, name: 'calico-api', port: 443}}),
        group,
        version,
        groupPriorityMinimum: aggregated ? 1500 : 1000,
        versionPriority: aggregated ? 200 : 100,
      },
      status: {conditions: [{type: 'Available', status: 'True', lastTransitionTime: created, ...condition}]},
    },
  )
}

function definition({group, version, resource, kind, namespaced}: ApiResource): KubeObject {
  const names = {plural: resource, singular: kind.toLowerCase(), kind, listKind: `${kind}List`}
  const open = {openAPIV3Schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}}
  return objectOf(
    'CustomResourceDefinition',
    `${resource}.${group}`,
    {},
    {
      spec: {group, names, scope: namespaced ? 'Namespaced' : 'Cluster', versions: [{name: version, served: true, storage: true, schema: open}]},
      status: {
        acceptedNames: names,
        storedVersions: [version],
        conditions: [
          {type: 'NamesAccepted', status: 'True', lastTransitionTime: created, reason: 'NoConflicts', message: 'no conflicts found'},
          {type: 'Established', status: 'True', lastTransitionTime: created, reason: 'InitialNamesAccepted', message: 'the initial names have been accepted'},
        ],
      },
    },
  )
}
