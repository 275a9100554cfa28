import type {KubeObject} from '../cluster-state.ts'
import {calicoConfig} from './config-map.ts'
import {ipv4, numberOfIpv4} from './ipv4.ts'
import {managedFields, objectOf} from './meta.ts'
import type {ClusterPlan} from './plan.ts'
import {podTemplate} from './pod-templates.ts'
import {type Objects, put} from './put.ts'

const written = managedFields([{manager: 'kubectl-client-side-apply', fields: ['spec/selector', 'spec/template', 'spec/updateStrategy']}], 'apps/v1')

/** DaemonSet, Deployments, their ConfigMap, and Typha's Service with its endpoints. */
export function calicoWorkloads(plan: ClusterPlan): Objects {
  const objects: Objects = {}
  put(objects, 'daemonsets.apps', daemonSet(plan))
  put(objects, 'deployments.apps', deployment(plan, 'calico-kube-controllers', 1))
  if (plan.typha > 0) {
    put(objects, 'deployments.apps', deployment(plan, 'calico-typha', plan.typha))
    put(objects, 'services', typhaService(plan))
    put(objects, 'endpointslices.discovery.k8s.io', typhaEndpoints(plan))
    put(objects, 'poddisruptionbudgets.policy', typhaBudget(plan))
  }
  if (plan.flavour !== 'operator') put(objects, 'configmaps', calicoConfig(plan))
  return objects
}

export const installationUid = 'c41d6b1e-52a7-4e0f-9d55-0f7a3c1f2a10'
/** Owned by the Installation where the operator made it. */
const owners = ({flavour}: ClusterPlan) =>
  flavour === 'operator'
    ? {
        ownerReferences: [
          {
            apiVersion: 'operator.tigera.io/v1',
            kind: 'Installation',
            name: 'default',
            uid: installationUid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      }
    : {}

export function templateObject(plan: ClusterPlan, app: string): object {
  const {labels, spec, volumes} = podTemplate(plan, app)
  return {metadata: {labels}, spec: {...spec, volumes}}
}

function daemonSet(plan: ClusterPlan): KubeObject {
  const {namespace, daemonSet: name} = plan
  const count = plan.nodes.length
  return objectOf(
    'DaemonSet',
    name,
    {
      namespace,
      labels: {'k8s-app': name},
      annotations: {'deprecated.daemonset.template.generation': '3'},
      more: {generation: 3, managedFields: written, ...owners(plan)},
    },
    {
      spec: {
        selector: {matchLabels: {'k8s-app': name}},
        template: templateObject(plan, name),
        updateStrategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 0, maxUnavailable: 1}},
        revisionHistoryLimit: 10,
      },
      status: {
        currentNumberScheduled: count,
        numberMisscheduled: 0,
        desiredNumberScheduled: count,
        numberReady: count,
        observedGeneration: 3,
        updatedNumberScheduled: count,
        numberAvailable: count,
      },
    },
  )
}

function deployment(plan: ClusterPlan, name: string, replicas: number): KubeObject {
  return objectOf(
    'Deployment',
    name,
    {
      namespace: plan.namespace,
      labels: {'k8s-app': name},
      annotations: {'deployment.kubernetes.io/revision': '2'},
      more: {generation: 2, managedFields: written, ...owners(plan)},
    },
    {
      spec: {
        replicas,
        selector: {matchLabels: {'k8s-app': name}},
        template: templateObject(plan, name),
        strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%', maxUnavailable: 1}},
        revisionHistoryLimit: 2,
      },
      status: {observedGeneration: 2, replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas},
    },
  )
}

/** An address of the service network, so many after its first. */
export const serviceAddress = ({serviceCidr}: ClusterPlan, offset: number): string => ipv4(numberOfIpv4(serviceCidr) + offset)

function typhaService(plan: ClusterPlan): KubeObject {
  const clusterIP = serviceAddress(plan, 11_021)
  return objectOf(
    'Service',
    'calico-typha',
    {namespace: plan.namespace, labels: {'k8s-app': 'calico-typha'}},
    {
      spec: {
        ports: [{name: 'calico-typha', protocol: 'TCP', port: 5473, targetPort: 'calico-typha'}],
        selector: {'k8s-app': 'calico-typha'},
        clusterIP,
        clusterIPs: [clusterIP],
        type: 'ClusterIP',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
      },
      status: {loadBalancer: {}},
    },
  )
}

function typhaEndpoints(plan: ClusterPlan): KubeObject {
  const pods = plan.pods.filter(({app}) => app === 'calico-typha')
  return objectOf(
    'EndpointSlice',
    'calico-typha-q7z4d',
    {
      namespace: plan.namespace,
      labels: {
        'k8s-app': 'calico-typha',
        'kubernetes.io/service-name': 'calico-typha',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
    },
    {
      addressType: 'IPv4',
      endpoints: pods.map(({ip, node, name, namespace}) => ({
        addresses: [ip],
        conditions: {ready: true, serving: true, terminating: false},
        nodeName: node.name,
        targetRef: {kind: 'Pod', namespace, name},
        zone: `rack-${node.subnet.split('.')[2]}`,
      })),
      ports: [{name: 'calico-typha', port: 5473, protocol: 'TCP'}],
    },
  )
}

const typhaBudget = ({namespace, typha}: ClusterPlan): KubeObject =>
  objectOf(
    'PodDisruptionBudget',
    'calico-typha',
    {namespace, labels: {'k8s-app': 'calico-typha'}},
    {
      spec: {maxUnavailable: 1, selector: {matchLabels: {'k8s-app': 'calico-typha'}}},
      status: {disruptionsAllowed: 1, currentHealthy: typha, desiredHealthy: Math.max(0, typha - 1), expectedPods: typha, observedGeneration: 1},
    },
  )
