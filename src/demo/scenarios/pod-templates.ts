import {calicoNodePod, kubeControllersPod, typhaPod} from './calico-pods.ts'
import type {ClusterPlan} from './plan.ts'
import {always, logs, type PodTemplate} from './pod-spec.ts'
import {workloadPod} from './workload-pod.ts'

const made = new WeakMap<ClusterPlan, Map<string, PodTemplate>>()

export function podTemplate(plan: ClusterPlan, app: string): PodTemplate {
  const byApp = made.get(plan) ?? new Map<string, PodTemplate>()
  made.set(plan, byApp)
  const template = byApp.get(app) ?? templateOf(plan, app)
  byApp.set(app, template)
  return template
}

function templateOf(plan: ClusterPlan, app: string): PodTemplate {
  if (app === plan.daemonSet) return calicoNodePod(plan)
  if (app === 'calico-typha') return typhaPod(plan)
  if (app === 'calico-kube-controllers') return kubeControllersPod(plan)
  if (app === 'coredns' || app === 'kube-proxy') return systemPod(app, plan, {'k8s-app': app === 'coredns' ? 'kube-dns' : app})
  if (app === 'etcd' || app.startsWith('kube-')) return systemPod(app, plan, {component: app, tier: 'control-plane'})
  return workloadPod(app)
}

/** Command lines of the control plane, as kubeadm writes them. */
const commandOf = (app: string, {serviceCidr, podCidr}: ClusterPlan): string[] => [
  app,
  ...(app === 'kube-apiserver'
    ? ['--advertise-address=10.20.0.11', '--allow-privileged=true', '--authorization-mode=Node,RBAC', `--service-cluster-ip-range=${serviceCidr}`]
    : []),
  ...(app === 'kube-controller-manager'
    ? ['--allocate-node-cidrs=true', `--cluster-cidr=${podCidr}`, '--leader-elect=true', `--service-cluster-ip-range=${serviceCidr}`]
    : []),
  ...(app === 'kube-proxy' ? ['--config=/var/lib/kube-proxy/config.conf'] : []),
]

function systemPod(app: string, plan: ClusterPlan, labels: Record<string, string>): PodTemplate {
  const image =
    app === 'coredns'
      ? 'registry.k8s.io/coredns/coredns:v1.12.0'
      : app === 'etcd'
        ? 'registry.k8s.io/etcd:3.5.21-0'
        : `registry.k8s.io/${app}:${plan.kubernetesVersion}`
  const container = {name: app, image, command: commandOf(app, plan), resources: {requests: {cpu: '100m', memory: '70Mi'}}, ...logs}
  return {
    labels,
    spec: {...always, priorityClassName: 'system-node-critical', priority: 2_000_001_000, containers: [container], tolerations: [{operator: 'Exists'}]},
    volumes: [],
  }
}
