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

/** What the API server fills in for every pod. */
export const always = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  enableServiceLinks: true,
  preemptionPolicy: 'PreemptLowerPriority',
}
/** And for every container. */
export const logs = {terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent'}
