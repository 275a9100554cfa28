import type {Flavour, Install} from './cluster.ts'
import type {ConfigMap, KubeNode, Workload} from './kubernetes.ts'
import {configMapNameOf, isOperators, nodeContainer, otherDaemonSets, primaryDaemonSet} from './primary-daemon-set.ts'
import type {Installation} from './resources.ts'

/** What an install is told by; what was not seen is undefined. */
export interface InstallSigns {
  readonly daemonSets: readonly Workload[]
  readonly configMap?: ConfigMap | undefined
  readonly installation?: Installation | undefined
  readonly nodes?: readonly KubeNode[] | undefined
}
interface Signs extends InstallSigns {
  readonly daemonSet: Workload
}

/** Who installed Calico, by marks that only this installer leaves; undefined where no DaemonSet runs calico-node. */
export function installOf(signs: InstallSigns): Install | undefined {
  const daemonSet = primaryDaemonSet(signs.daemonSets)
  if (!daemonSet) return undefined
  const {flavour, title, evidence} = flavourOf({...signs, daemonSet})
  const {configMap, installation, nodes = []} = signs
  const provider = installation?.computed?.kubernetesProvider || installation?.spec.kubernetesProvider || providerOf(nodes)
  const named = configMap?.name ?? configMapNameOf(daemonSet)
  const helmRelease = flavour === 'operator' ? installation?.helmRelease : undefined
  return {
    flavour,
    title,
    namespace: daemonSet.namespace,
    daemonSet: daemonSet.name,
    ...(named !== undefined && flavour !== 'operator' && {configMap: named}),
    ...(provider && {provider}),
    ...(helmRelease !== undefined && {helmRelease}),
    evidence: [`DaemonSet ${daemonSet.namespace}/${daemonSet.name} runs calico-node on ${daemonSet.desired} nodes`, ...evidence],
    others: otherDaemonSets(signs.daemonSets).map(({namespace, name}) => `${namespace}/${name}`),
  }
}

const titles: Readonly<Record<Flavour, string>> = {
  operator: 'operator (Installation default)',
  canal: 'canal (flannel and Calico policy)',
  kubespray: 'Kubespray',
  pmk: 'Platform9 (PMK)',
  tkg: 'Tanzu (TKG)',
  'etcd-manifest': 'upstream manifest, etcd datastore',
  manifest: 'upstream manifest',
}

function flavourOf(signs: Signs): Pick<Install, 'flavour' | 'title' | 'evidence'> {
  for (const [flavour, find] of marks) {
    const evidence = find(signs)
    if (evidence.length > 0) return {flavour, title: titles[flavour], evidence}
  }
  return {flavour: 'manifest', title: titles.manifest, evidence: ['no mark of an operator or an installer on it']}
}

/** In the order in which they cover each other: Kubespray also installs the etcd datastore, Tanzu's package is the upstream manifest. */
const marks: readonly (readonly [Flavour, (signs: Signs) => string[]])[] = [
  ['operator', operatorMarks],
  ['canal', canalMarks],
  ['kubespray', kubesprayMarks],
  ['pmk', pmkMarks],
  ['tkg', tkgMarks],
  ['etcd-manifest', ({daemonSet}) => (hasEnv(daemonSet, 'ETCD_ENDPOINTS') ? ['env ETCD_ENDPOINTS of calico-node'] : [])],
]

function operatorMarks({daemonSet, installation}: Signs): string[] {
  const owned = isOperators(daemonSet) ? ['the DaemonSet is owned by an Installation'] : []
  const inItsNamespace = installation && daemonSet.namespace === 'calico-system' ? ['Installation default, and the DaemonSet is in calico-system'] : []
  return [...owned, ...inItsNamespace]
}

function canalMarks({daemonSet}: Signs): string[] {
  const flannel = daemonSet.containers.some(({name}) => name === 'kube-flannel') ? ['container kube-flannel beside calico-node'] : []
  return [...flannel, ...(/\bcanal\b/.test(envValue(daemonSet, 'CLUSTER_TYPE') ?? '') ? ['env CLUSTER_TYPE names canal'] : [])]
}

/** kubespray: roles/network_plugin/calico/templates/calico-config.yml.j2 and calico-node.yml.j2. */
function kubesprayMarks({daemonSet, configMap}: Signs): string[] {
  const clusterType = configMap?.data.cluster_type ?? ''
  const variables = ['CALICO_K8S_NODE_REF', 'FELIX_IGNORELOOSERPF', 'FELIX_IPTABLESLOCKTIMEOUTSECS']
  return [
    ...(clusterType.startsWith('kubespray') ? [`ConfigMap ${configMap?.namespace}/${configMap?.name} cluster_type: ${clusterType}`] : []),
    ...('kubespray.etcd-cert/serial' in daemonSet.annotations ? ['annotation kubespray.etcd-cert/serial'] : []),
    ...(variables.every(name => hasEnv(daemonSet, name)) ? [`env ${variables.join(', ')} as Kubespray sets them`] : []),
  ]
}

/** platform9/nodelet, conf/networkapps/calico.yaml: IPV6_CONTAINERS_CIDR means nothing to Calico and stands in no other manifest. */
function pmkMarks({daemonSet}: Signs): string[] {
  const images = [...daemonSet.containers, ...daemonSet.initContainers].filter(({image}) => /platform9|\bpf9\b/.test(image))
  return [
    ...(hasEnv(daemonSet, 'IPV6_CONTAINERS_CIDR') ? ["env IPV6_CONTAINERS_CIDR, which only Platform9's manifest sets"] : []),
    ...images.slice(0, 1).map(({image}) => `image ${image}`),
  ]
}

/** Labels that Tanzu puts on its nodes, and the registry that its packages come from. */
function tkgMarks({daemonSet, nodes = []}: Signs): string[] {
  const labelled = nodes.find(({labels}) => Object.keys(labels).some(isTanzus))
  const images = daemonSet.containers.filter(({image}) => /^projects(\.packages)?\.(registry\.vmware|broadcom)\.com\/tkg\b/.test(image))
  return [
    ...(labelled ? [`node ${labelled.name} label ${Object.keys(labelled.labels).find(isTanzus)}`] : []),
    ...images.slice(0, 1).map(({image}) => `image ${image}`),
  ]
}
const isTanzus = (label: string) => /^(run|tkg)\.tanzu\.vmware\.com\//.test(label)

const envOfNode = (daemonSet: Workload) => nodeContainer(daemonSet)?.env ?? []
const hasEnv = (daemonSet: Workload, name: string) => envOfNode(daemonSet).some(variable => variable.name === name)
const envValue = (daemonSet: Workload, name: string) => envOfNode(daemonSet).find(variable => variable.name === name)?.value

/** Distributions mark their nodes; a bare machine in a cloud is nobody's distribution. */
const providers: readonly (readonly [string, (node: KubeNode) => boolean])[] = [
  ['AKS', ({labels}) => 'kubernetes.azure.com/cluster' in labels],
  ['EKS', ({labels, kubeletVersion}) => 'eks.amazonaws.com/nodegroup' in labels || /-eks-/.test(kubeletVersion)],
  ['GKE', ({labels, kubeletVersion}) => 'cloud.google.com/gke-nodepool' in labels || /-gke\./.test(kubeletVersion)],
  ['OpenShift', ({labels}) => 'node.openshift.io/os_id' in labels],
  ['RKE2', ({kubeletVersion}) => kubeletVersion.includes('+rke2')],
  ['K3s', ({kubeletVersion}) => kubeletVersion.includes('+k3s')],
  ['MicroK8s', ({labels}) => 'microk8s.io/cluster' in labels],
  ['TKG', ({labels}) => Object.keys(labels).some(isTanzus)],
  ['Kind', ({providerId = ''}) => providerId.startsWith('kind://')],
]
const providerOf = (nodes: readonly KubeNode[]) => providers.find(([, marked]) => nodes.some(marked))?.[0]
