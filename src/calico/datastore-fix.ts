import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {DatastoreClaim, DatastoreType, Install} from './cluster.ts'
import {howToSet} from './owner.ts'
import {restartCalicoNode, shellWord} from './owners/commands.ts'

/** Shows what calico-node is told, on every install. */
export const showDatastoreType =
  "kubectl get daemonsets -A -l 'k8s-app in (calico-node,canal)' -o custom-columns='NAMESPACE:.metadata.namespace,NAME:.metadata.name," +
  'ENV:.spec.template.spec.containers[?(@.name=="calico-node")].env[?(@.name=="DATASTORE_TYPE")].value\''

/** The step that brings one component to the datastore that calico-node uses. */
export function alignDatastore({component, where}: DatastoreClaim, type: DatastoreType, install: Collected<Install>): Fix {
  if (component === 'installation')
    return {
      text: 'Two installs: the operator keeps its own data in Kubernetes while this DaemonSet does not. Remove the one that is not meant to run, after moving its data.',
      command: 'kubectl get daemonsets -A | grep -E "calico|canal"',
    }
  if (!install.known || !['manifest', 'etcd-manifest', 'canal'].includes(install.value.flavour)) return howToSet(install, 'datastore', type)
  return alignByHand(component, where, type, install.value)
}

function alignByHand(component: string, where: string, type: DatastoreType, install: Install): Fix {
  const {namespace, configMap = 'calico-config'} = install
  switch (component) {
    case 'cni':
      return {
        text: `Set "datastore_type": "${type}" in cni_network_config of ConfigMap ${namespace}/${configMap}, then restart the DaemonSet, which writes it to every node.`,
        command: `kubectl -n ${shellWord(namespace)} edit configmap ${shellWord(configMap)} && ${restartCalicoNode(install)}`,
      }
    case 'typha':
      return setEnv(where, install, 'calico-typha', `TYPHA_DATASTORETYPE=${type}`)
    case 'kube-controllers':
      return setEnv(where, install, 'calico-kube-controllers', `DATASTORE_TYPE=${type}`)
    default:
      return howToSet({known: true, value: install}, 'datastore', type)
  }
}

const setEnv = (where: string, {namespace}: Install, usual: string, variable: string): Fix => {
  const deployment = /Deployment [^/\s]+\/(\S+)/.exec(where)?.[1] ?? usual
  return {
    text: `Set ${variable} on Deployment ${namespace}/${deployment}.`,
    command: `kubectl -n ${shellWord(namespace)} set env deployment/${shellWord(deployment)} ${shellWord(variable)}`,
  }
}

/** Endpoints win over DATASTORE_TYPE in Felix, so they have to go. The ConfigMap keeps its key: no container reads it any more. */
export function dropEtcdEndpoints(install: Collected<Install>): Fix {
  if (!install.known) return {text: 'Take ETCD_ENDPOINTS and the other ETCD_ variables out of container calico-node, where they are set.'}
  const {namespace, daemonSet} = install.value
  return {
    text: `Take ETCD_ENDPOINTS out of container calico-node in DaemonSet ${namespace}/${daemonSet}, and out of what made it (${install.value.title}).`,
    command: `kubectl -n ${shellWord(namespace)} set env daemonset/${shellWord(daemonSet)} -c calico-node ETCD_ENDPOINTS- FELIX_ETCDENDPOINTS- ETCD_AUTHORITY- FELIX_ETCDADDR-`,
  }
}

/** What an etcd install gives calico-node, kube-controllers and the CNI plugin has neither the rights nor the configuration for the other datastore. */
const otherManifest: Fix = {
  text:
    "Apply Calico's manifest for the Kubernetes datastore (calico.yaml), of the version that runs and with your own changes carried over: DaemonSet, kube-controllers, " +
    'CNI configuration and rights all change with it. DATASTORE_TYPE alone is not enough.',
}

/** The move that Calico itself offers: docs operations/datastore-migration. */
export const moveToKubernetes = (install: Collected<Install>): Fix[] => [
  {
    text: 'Plan the move to the Kubernetes datastore. Lock the old one, export it, and import it: while it is locked running pods go on and new pods wait.',
    command:
      'calicoctl datastore migrate lock && calicoctl datastore migrate export > calico-data.yaml && DATASTORE_TYPE=kubernetes calicoctl datastore migrate import -f calico-data.yaml',
  },
  install.known && install.value.flavour === 'kubespray' ? howToSet(install, 'datastore', 'kubernetes') : otherManifest,
  {text: 'When calico-node is up again on all nodes, unlock.', command: 'DATASTORE_TYPE=kubernetes calicoctl datastore migrate unlock'},
]
