import {calicoNodePod, kubeControllersPod, typhaPod} from './calico-pods.ts'
import type {ClusterPlan} from './plan.ts'

export interface ContainerSpec {
  readonly name: string
  readonly image: string
  readonly [field: string]: unknown
}
export interface PodSpec {
  readonly containers: readonly ContainerSpec[]
  readonly initContainers?: readonly ContainerSpec[]
  readonly [field: string]: unknown
}
/** What all pods of one kind share; the same object for each, so that 20,000 pods are quickly made. */
export interface PodTemplate {
  readonly labels: Record<string, string>
  readonly spec: PodSpec
  readonly volumes: readonly object[]
}

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

const always = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  enableServiceLinks: true,
  preemptionPolicy: 'PreemptLowerPriority',
}
const logs = {terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent'}

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

function workloadPod(app: string): PodTemplate {
  const probe = (path: string) => ({
    httpGet: {path, port: 8080, scheme: 'HTTP'},
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  })
  const env = [
    {name: 'POD_NAME', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.name'}}},
    {name: 'POD_IP', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: 'status.podIP'}}},
    {name: 'DATABASE_URL', valueFrom: {secretKeyRef: {name: `${app}-database`, key: 'url'}}},
    {name: 'LOG_LEVEL', value: 'info'},
    {name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://collector.analytics.svc:4317'},
  ]
  const container = {
    name: 'app',
    image: `registry.example.com/shop/${app}:2025.11.3`,
    ports: [{name: 'http', containerPort: 8080, protocol: 'TCP'}],
    env,
    resources: {limits: {memory: '512Mi'}, requests: {cpu: '100m', memory: '256Mi'}},
    volumeMounts: [
      {name: 'config', readOnly: true, mountPath: '/etc/app'},
      {name: 'scratch', mountPath: '/tmp'},
    ],
    livenessProbe: probe('/healthz'),
    readinessProbe: probe('/ready'),
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ['ALL']}, readOnlyRootFilesystem: true, runAsNonRoot: true},
    ...logs,
  }
  const tolerations = ['not-ready', 'unreachable'].map(state => ({
    key: `node.kubernetes.io/${state}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }))
  const spread = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: {matchLabels: {'app.kubernetes.io/name': app}},
      },
    ],
  }
  return {
    labels: {'app.kubernetes.io/name': app, 'app.kubernetes.io/part-of': 'shop'},
    spec: {
      ...always,
      ...spread,
      serviceAccountName: app,
      serviceAccount: app,
      priority: 0,
      containers: [container],
      tolerations,
      securityContext: {fsGroup: 10001, runAsUser: 10001},
    },
    volumes: [
      {name: 'config', configMap: {name: `${app}-config`, defaultMode: 420}},
      {name: 'scratch', emptyDir: {}},
    ],
  }
}
