import type {CalicoPod, ContainerStatus} from '../calico/kubernetes.ts'

export interface LogWanted {
  readonly container: string
  /** Of the container that ended before the one that runs or waits now. */
  readonly previous: boolean
}
interface LogsOfPod {
  readonly wanted: readonly LogWanted[]
  /** Containers that have no log, and why. */
  readonly none: readonly {readonly container: string; readonly why: string}[]
}

type Pod = Pick<CalicoPod, 'containers' | 'phase' | 'reason' | 'message'>

/** All containers that ever ran, before the last restart too; of init containers those that did not do their work. */
export function logsWanted(pod: Pod): LogsOfPod {
  const {containers, phase, reason, message} = pod
  if (containers.length === 0) return {wanted: [], none: [{container: 'all containers', why: neverStarted([phase, reason, message])}]}
  const chosen = containers.filter(container => !container.init || !isDone(container))
  return {
    wanted: chosen.flatMap(wantedOf),
    none: chosen.filter(isUnstarted).map(({name, reason: why, message: more}) => ({container: name, why: neverStarted([why, more])})),
  }
}

const neverStarted = (reasons: readonly (string | undefined)[]) => `it never started: ${reasons.filter(Boolean).join(': ') || 'nobody says why'}`

/** Those that come later wait for their turn and say nothing yet. */
const isDone = ({state, exitCode, restarts, reason, last}: ContainerStatus) =>
  (state === 'terminated' && exitCode === 0 && restarts === 0) || (state === 'waiting' && reason === 'PodInitializing' && !last)

const isUnstarted = ({state, last}: ContainerStatus) => state === 'waiting' && !last

/** Of a container that waits to be started again the kubelet gives the same log with and without `previous`. */
function wantedOf(status: ContainerStatus): LogWanted[] {
  const {name: container, state, restarts, last} = status
  if (isUnstarted(status)) return []
  if (state === 'waiting') return [{container, previous: true}]
  return [{container, previous: false}, ...(restarts > 0 || last ? [{container, previous: true}] : [])]
}
