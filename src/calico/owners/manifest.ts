import type {Fix} from '../../engine/check.ts'
import type {Install} from '../cluster.ts'
import type {Knobs} from '../owner.ts'
import {patchConfigMap, restartCalicoNode, setCalicoNodeEnv, setCalicoNodeMemory} from './commands.ts'
import {resourceKnobs} from './resources.ts'

/** Manifest, canal and etcd manifest: nobody but the administrator owns ConfigMap, DaemonSet and pools. Env names: manifests/calico.yaml. */
export const manifestKnobs: Knobs = {
  ...resourceKnobs,
  mtu: ({install, value}) =>
    configMapKey(install, 'veth_mtu', value, 'Only new pods get the new MTU: recreate the others afterwards. 0 lets Calico find it out by itself.'),
  backend({install, value}) {
    if (install.flavour === 'canal') return {text: 'Canal leaves routing to flannel: CALICO_NETWORKING_BACKEND stays none.'}
    const probes =
      value === 'bird'
        ? 'If bird-live and bird-ready were taken out of the probes of the DaemonSet, put them back.'
        : 'Without BIRD (vxlan, none) take bird-live and bird-ready out of the probes of the DaemonSet too.'
    return configMapKey(install, 'calico_backend', value, probes)
  },
  encapsulation(wanted) {
    if (wanted.install.flavour !== 'canal') return resourceKnobs.encapsulation(wanted)
    return {text: `Canal's tunnels are flannel's: Backend.Type in net-conf.json of ConfigMap ${where(wanted.install)}, then restart the DaemonSet.`}
  },
  autodetection: ({install, value}) => ({
    text: `Set IP_AUTODETECTION_METHOD of container calico-node in DaemonSet ${install.namespace}/${install.daemonSet}. The pods restart one by one.`,
    ...(value !== undefined && {command: setCalicoNodeEnv(install, 'IP_AUTODETECTION_METHOD', value)}),
  }),
  datastore: ({install, value}) => ({
    text: `Set DATASTORE_TYPE of container calico-node in DaemonSet ${install.namespace}/${install.daemonSet}. It changes where Calico looks and moves no data.`,
    ...(value !== undefined && {command: setCalicoNodeEnv(install, 'DATASTORE_TYPE', value)}),
  }),
  memory: ({install, value}) => ({
    text: `Raise the memory limit of container calico-node in DaemonSet ${install.namespace}/${install.daemonSet}. The pods restart one by one.`,
    ...(value !== undefined && {command: setCalicoNodeMemory(install, value)}),
  }),
  typha({install, value}) {
    if (value === 'none') return configMapKey(install, 'typha_service_name', value, 'Felix then talks to the API server directly.')
    if (install.flavour === 'canal') return canalTypha
    return {
      text:
        "Apply calico-typha.yaml of the running Calico version: it brings Typha's Service and Deployment (replicas above 0, 3 or more in production), " +
        `typha_service_name in ConfigMap ${where(install)} and FELIX_TYPHAK8SSERVICENAME. Carry your own changes of the manifest over first.`,
    }
  },
}

/** Upstream's calico-typha.yaml brings calico-node with it, which canal must not have twice. */
const canalTypha: Fix = {
  text:
    "Canal's manifest has no Typha: take Service, Deployment and the rights of calico-typha out of calico-typha.yaml of the running Calico version, " +
    'then set FELIX_TYPHAK8SSERVICENAME on container calico-node of DaemonSet canal.',
}

const where = ({namespace, configMap = 'calico-config'}: Install) => `${namespace}/${configMap}`

/** calico-node reads ConfigMap keys through its environment, so only when it starts. */
function configMapKey(install: Install, key: string, value: string | undefined, more: string): Fix {
  const text = `Set ${key} in ConfigMap ${where(install)} and restart the DaemonSet. ${more}`.trimEnd()
  return value === undefined ? {text} : {text, command: `${patchConfigMap(install, key, value)} && ${restartCalicoNode(install)}`}
}
