import {fromConfig, fromField} from './env-var.ts'
import {datastoreEnvironment, nodeEnvironment} from './environment.ts'
import type {ClusterPlan} from './plan.ts'
import type {ContainerSpec, PodTemplate} from './pod-spec.ts'

const servicesEndpoint = [{configMapRef: {name: 'kubernetes-services-endpoint', optional: true}}]
const image = ({registry, calicoVersion}: ClusterPlan, name: string) => `${registry}/calico/${name}:v${calicoVersion}`

/** The pod of DaemonSet calico-node (or canal), with the environment that its flavour gives it. */
export function calicoNodePod(plan: ClusterPlan): PodTemplate {
  const labels = {'k8s-app': plan.daemonSet, ...(plan.flavour === 'operator' && {'app.kubernetes.io/name': 'calico-node'})}
  const spec = {
    hostNetwork: true,
    serviceAccountName: plan.daemonSet,
    terminationGracePeriodSeconds: plan.flavour === 'operator' ? 5 : 0,
    priorityClassName: 'system-node-critical',
    nodeSelector: {'kubernetes.io/os': 'linux'},
    tolerations: [
      {effect: 'NoSchedule', operator: 'Exists'},
      {key: 'CriticalAddonsOnly', operator: 'Exists'},
      {effect: 'NoExecute', operator: 'Exists'},
    ],
    initContainers: initContainers(plan),
    containers: [nodeContainer(plan), ...(plan.daemonSet === 'canal' ? [flannelContainer()] : [])],
  }
  return {labels, spec, volumes: hostPaths}
}

const hostPath = (name: string, path: string) => ({name, hostPath: {path, type: ''}})
const hostPaths = [
  hostPath('lib-modules', '/lib/modules'),
  hostPath('var-run-calico', '/var/run/calico'),
  hostPath('var-lib-calico', '/var/lib/calico'),
  hostPath('xtables-lock', '/run/xtables.lock'),
  hostPath('bpffs', '/sys/fs/bpf'),
  hostPath('cni-bin-dir', '/opt/cni/bin'),
  hostPath('cni-net-dir', '/etc/cni/net.d'),
  hostPath('cni-log-dir', '/var/log/calico/cni'),
]

function initContainers(plan: ClusterPlan): ContainerSpec[] {
  const privileged = {securityContext: {privileged: true}, imagePullPolicy: 'IfNotPresent', envFrom: servicesEndpoint}
  const install = {
    name: 'install-cni',
    image: image(plan, 'cni'),
    command: ['/opt/cni/bin/install'],
    env: [
      {name: 'CNI_CONF_NAME', value: plan.daemonSet === 'canal' ? '10-canal.conflist' : '10-calico.conflist'},
      ...(plan.flavour === 'operator'
        ? [{name: 'CNI_NETWORK_CONFIG', valueFrom: {configMapKeyRef: {name: 'cni-config', key: 'config'}}}]
        : [fromConfig('CNI_NETWORK_CONFIG', 'cni_network_config', plan)]),
      fromField('KUBERNETES_NODE_NAME', 'spec.nodeName'),
      ...(plan.flavour === 'operator' ? [] : [fromConfig('CNI_MTU', 'veth_mtu', plan)]),
      {name: 'SLEEP', value: 'false'},
    ],
    ...privileged,
  }
  return [install, {name: 'ebpf-bootstrap', image: image(plan, 'node'), command: ['calico-node', '-init', '-best-effort'], ...privileged}]
}

function nodeContainer(plan: ClusterPlan): ContainerSpec {
  const bird = plan.backend === 'bird'
  const exec = (...flags: string[]) => ({
    exec: {command: ['/bin/calico-node', ...flags]},
    periodSeconds: 10,
    timeoutSeconds: 10,
    successThreshold: 1,
    failureThreshold: 6,
  })
  return {
    name: 'calico-node',
    image: image(plan, 'node'),
    imagePullPolicy: 'IfNotPresent',
    envFrom: servicesEndpoint,
    env: nodeEnvironment(plan),
    resources: {requests: {cpu: '250m'}},
    securityContext: {privileged: true},
    lifecycle: {preStop: {exec: {command: ['/bin/calico-node', '-shutdown']}}},
    livenessProbe:
      plan.flavour === 'operator'
        ? {httpGet: {host: 'localhost', path: '/liveness', port: 9099, scheme: 'HTTP'}}
        : exec('-felix-live', ...(bird ? ['-bird-live'] : [])),
    readinessProbe: exec('-felix-ready', ...(bird ? ['-bird-ready'] : [])),
    volumeMounts: [
      {mountPath: '/host/etc/cni/net.d', name: 'cni-net-dir'},
      {mountPath: '/lib/modules', name: 'lib-modules', readOnly: true},
      {mountPath: '/run/xtables.lock', name: 'xtables-lock'},
      {mountPath: '/var/run/calico', name: 'var-run-calico'},
      {mountPath: '/var/lib/calico', name: 'var-lib-calico'},
      {mountPath: '/sys/fs/bpf', name: 'bpffs'},
      {mountPath: '/var/log/calico/cni', name: 'cni-log-dir', readOnly: true},
    ],
  }
}

const flannelContainer = (): ContainerSpec => ({
  name: 'kube-flannel',
  image: 'docker.io/flannel/flannel:v0.27.0',
  command: ['/opt/bin/flanneld', '--ip-masq', '--kube-subnet-mgr'],
  env: [fromField('POD_NAME', 'metadata.name'), fromField('POD_NAMESPACE', 'metadata.namespace')],
  securityContext: {privileged: true},
})

export function typhaPod(plan: ClusterPlan): PodTemplate {
  const http = (path: string) => ({httpGet: {path, port: 9098, host: 'localhost'}, periodSeconds: 10, timeoutSeconds: 10})
  const container = {
    name: 'calico-typha',
    image: image(plan, 'typha'),
    ports: [{containerPort: 5473, hostPort: 5473, name: 'calico-typha', protocol: 'TCP'}],
    envFrom: servicesEndpoint,
    env: [
      {name: 'TYPHA_LOGSEVERITYSCREEN', value: 'info'},
      {name: 'TYPHA_LOGFILEPATH', value: 'none'},
      {name: 'TYPHA_LOGSEVERITYSYS', value: 'none'},
      {name: 'TYPHA_CONNECTIONREBALANCINGMODE', value: 'kubernetes'},
      {name: 'TYPHA_DATASTORETYPE', value: 'kubernetes'},
      {name: 'TYPHA_HEALTHENABLED', value: 'true'},
    ],
    livenessProbe: http('/liveness'),
    readinessProbe: http('/readiness'),
    securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true},
  }
  return {
    labels: {'k8s-app': 'calico-typha'},
    spec: {
      hostNetwork: true,
      serviceAccountName: 'calico-typha',
      priorityClassName: 'system-cluster-critical',
      nodeSelector: {'kubernetes.io/os': 'linux'},
      containers: [container],
    },
    volumes: [],
  }
}

export function kubeControllersPod(plan: ClusterPlan): PodTemplate {
  const check = (flag: string) => ({exec: {command: ['/usr/bin/check-status', flag]}, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6})
  const container = {
    name: 'calico-kube-controllers',
    image: image(plan, 'kube-controllers'),
    env: [{name: 'ENABLED_CONTROLLERS', value: 'node,loadbalancer'}, ...datastoreEnvironment(plan)],
    livenessProbe: check('-l'),
    readinessProbe: check('-r'),
  }
  return {
    labels: {'k8s-app': 'calico-kube-controllers'},
    spec: {
      serviceAccountName: 'calico-kube-controllers',
      priorityClassName: 'system-cluster-critical',
      nodeSelector: {'kubernetes.io/os': 'linux'},
      containers: [container],
    },
    volumes: [],
  }
}
