import type {Fix, Subject} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Install} from './cluster.ts'
import type {Workload} from './kubernetes.ts'
import {howToSet} from './owner.ts'
import {shellWord} from './owners/commands.ts'
import type {TyphaFault} from './typha-diagnosis.ts'
import type {TyphaServiceName} from './typha-service-name.ts'

/** Steps that bring Typha back, or do without it. */
export function typhaFixes(fault: TyphaFault, {namespace, name}: TyphaServiceName, install: Collected<Install>): Fix[] {
  const off = howToSet(install, 'typha', 'none')
  const operators = install.known && install.value.flavour === 'operator'
  const orOff = operators ? [] : [{...off, text: `Or go without Typha. ${off.text}`}]
  const inNamespace = `kubectl -n ${shellWord(namespace)}`
  switch (fault.kind) {
    case 'noDeployment':
      return [howToSet(install, 'typha', name), ...orOff]
    case 'noService':
      return operators ? [howToSet(install, 'typha', name)] : [makeService(fault.deployment, namespace, name), ...orOff]
    case 'noReplicas':
      if (operators) return [howToSet(install, 'typha', name)]
      return [
        {text: 'Scale it up: 3 or more replicas in production.', command: `${inNamespace} scale deployment/${shellWord(fault.deployment.name)} --replicas=3`},
        ...orOff,
      ]
    case 'selectsNothing':
      return [
        {
          text: `Make the selector of Service ${namespace}/${name} match the labels of Typha's pods.`,
          command: `${inNamespace} edit service ${shellWord(name)}`,
        },
      ]
    case 'notReady':
      return [
        {
          text: 'Find out why its pods are not ready: Pending for port 5473 taken on every node, image, certificates, or no way to the API server.',
          command: `${inNamespace} describe pods -l k8s-app=calico-typha && ${inNamespace} logs -l k8s-app=calico-typha --tail=50`,
        },
        ...orOff,
      ]
  }
}

/** Felix looks for the port by its name (typha/pkg/discovery: calico-typha). */
function makeService({podLabels}: Workload, namespace: string, name: string): Fix {
  const selector = {'k8s-app': podLabels['k8s-app'] ?? 'calico-typha'}
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name, namespace, labels: selector},
    spec: {selector, ports: [{name: 'calico-typha', port: 5473, protocol: 'TCP', targetPort: 'calico-typha'}]},
  }
  return {
    text: `Make Service ${namespace}/${name} again, and see to it that what deploys Calico keeps it.`,
    command: `echo ${shellWord(JSON.stringify(service))} | kubectl apply -f -`,
  }
}

export const unusedTyphaFixes = (install: Collected<Install>): Fix[] => [
  howToSet(install, 'typha', 'calico-typha'),
  {text: 'Or, on a small cluster, scale Typha to 0 and leave it out.'},
]

export function typhaFaultSubject({kind}: TyphaFault, {namespace, name}: TyphaServiceName): Subject {
  return kind === 'noService' || kind === 'selectsNothing' ? {kind: 'Service', name, namespace} : {kind: 'Deployment', name: 'calico-typha', namespace}
}

/** What was seen of it, one line each. */
export function typhaFaultLines(fault: TyphaFault, {namespace, name}: TyphaServiceName): string[] {
  switch (fault.kind) {
    case 'noDeployment':
      return [`no Deployment with a container calico-typha in Calico's namespaces`, ...(fault.serviceSeen ? [] : [`Service ${namespace}/${name}: not there`])]
    case 'noService':
      return [`Service ${namespace}/${name}: not there`]
    case 'selectsNothing':
      return [
        `Service ${namespace}/${name} selector ${JSON.stringify(fault.selector)}`,
        `Deployment ${fault.deployment.name} pod labels ${JSON.stringify(fault.deployment.podLabels)}`,
      ]
    default:
      return [replicasLine(fault.deployment)]
  }
}

export const replicasLine = ({namespace, name, desired, ready}: Workload): string =>
  `Deployment ${namespace}/${name}: ${desired} ${desired === 1 ? 'replica' : 'replicas'}, ${ready} ready`
