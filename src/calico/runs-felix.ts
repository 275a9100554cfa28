import type {CalicoPod} from './kubernetes.ts'

/** Labels `k8s-app` of the pods that run Felix on each node, BIRD beside it or not: Calico's own DaemonSet, and Canal's. */
export const felixApps: readonly string[] = ['calico-node', 'canal']

export const runsFelix = ({app}: Pick<CalicoPod, 'app'>): boolean => felixApps.includes(app)
