import {always, type ContainerSpec, logs, type PodTemplate} from './pod-spec.ts'

/** A service of the shop: of the size that pods have where people work. */
export function workloadPod(app: string): PodTemplate {
  const labels = {'app.kubernetes.io/name': app, 'app.kubernetes.io/part-of': 'shop'}
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: {matchLabels: {'app.kubernetes.io/name': app}},
  }
  const spec = {
    ...always,
    topologySpreadConstraints: [spread],
    serviceAccountName: app,
    serviceAccount: app,
    priority: 0,
    containers: [container(app)],
    tolerations: ['not-ready', 'unreachable'].map(state => ({
      key: `node.kubernetes.io/${state}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    securityContext: {fsGroup: 10001, runAsUser: 10001},
  }
  const volumes = [
    {name: 'config', configMap: {name: `${app}-config`, defaultMode: 420}},
    {name: 'scratch', emptyDir: {}},
  ]
  return {labels, spec, volumes}
}

const probe = (path: string) => ({httpGet: {path, port: 8080, scheme: 'HTTP'}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3})

const container = (app: string): ContainerSpec => ({
  name: 'app',
  image: `registry.example.com/shop/${app}:2025.11.3`,
  ports: [{name: 'http', containerPort: 8080, protocol: 'TCP'}],
  env: environment(app),
  resources: {limits: {memory: '512Mi'}, requests: {cpu: '100m', memory: '256Mi'}},
  volumeMounts: [
    {name: 'config', readOnly: true, mountPath: '/etc/app'},
    {name: 'scratch', mountPath: '/tmp'},
  ],
  livenessProbe: probe('/healthz'),
  readinessProbe: probe('/ready'),
  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ['ALL']}, readOnlyRootFilesystem: true, runAsNonRoot: true},
  ...logs,
})

const environment = (app: string) => [
  {name: 'POD_NAME', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.name'}}},
  {name: 'POD_IP', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: 'status.podIP'}}},
  {name: 'DATABASE_URL', valueFrom: {secretKeyRef: {name: `${app}-database`, key: 'url'}}},
  {name: 'LOG_LEVEL', value: 'info'},
  {name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://collector.analytics.svc:4317'},
]
