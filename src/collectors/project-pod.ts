import type {CalicoPod, ContainerStatus} from '../calico/kubernetes.ts'
import {at, listAt, number, numberAt, optional, record, text, textAt} from './fields.ts'

/** A pod of Calico's, told apart by label k8s-app; a nameless one is left out. */
export function projectPod(item: unknown): CalicoPod | undefined {
  const name = text(at(item, 'metadata', 'name'))
  if (name === undefined) return undefined
  const conditions = listAt(record, item, 'status', 'conditions')
  const unscheduled = conditions.find(({type, status}) => type === 'PodScheduled' && status === 'False')
  return {
    namespace: textAt(item, 'metadata', 'namespace'),
    name,
    app: textAt(item, 'metadata', 'labels', 'k8s-app'),
    ...optional('node', text(at(item, 'spec', 'nodeName'))),
    phase: textAt(item, 'status', 'phase'),
    ready: conditions.some(({type, status}) => type === 'Ready' && status === 'True'),
    ...optional('reason', text(at(item, 'status', 'reason')) ?? text(unscheduled?.reason)),
    ...optional('message', text(at(item, 'status', 'message')) ?? text(unscheduled?.message)),
    terminating: text(at(item, 'metadata', 'deletionTimestamp')) !== undefined,
    ...optional('createdAt', text(at(item, 'metadata', 'creationTimestamp'))),
    ...optional('startedAt', text(at(item, 'status', 'startTime'))),
    ...optional('readyChangedAt', text(conditions.find(({type}) => type === 'Ready')?.lastTransitionTime)),
    containers: [
      ...listAt(status => statusOf(status, true), item, 'status', 'initContainerStatuses'),
      ...listAt(status => statusOf(status, false), item, 'status', 'containerStatuses'),
    ],
  }
}

/** How old it was when it was looked at. `at` is ISO 8601, our clock; a time that cannot be read gives no age. */
export const agedPod = (pod: CalicoPod, lookedAt: string): CalicoPod => ({
  ...pod,
  ...optional('age', secondsBetween(pod.createdAt, lookedAt)),
  ...optional('readyChangedFor', secondsBetween(pod.readyChangedAt, lookedAt)),
})

function secondsBetween(from: string | undefined, to: string): number | undefined {
  const seconds = from === undefined ? Number.NaN : (Date.parse(to) - Date.parse(from)) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.round(seconds))
}

function statusOf(item: unknown, init: boolean): ContainerStatus | undefined {
  const name = text(at(item, 'name'))
  if (name === undefined) return undefined
  const state = (['running', 'waiting', 'terminated'] as const).find(word => record(at(item, 'state', word)) !== undefined)
  const now = state && at(item, 'state', state)
  const before = at(item, 'lastState', 'terminated')
  return {
    name,
    init,
    image: textAt(item, 'image'),
    ready: at(item, 'ready') === true,
    restarts: numberAt(item, 'restartCount'),
    state: state ?? 'unknown',
    ...optional('reason', text(at(now, 'reason'))),
    ...optional('message', text(at(now, 'message'))),
    ...optional('exitCode', number(at(now, 'exitCode'))),
    ...optional('last', record(before) && endOf(before)),
  }
}

const endOf = (before: unknown): NonNullable<ContainerStatus['last']> => ({
  reason: textAt(before, 'reason'),
  exitCode: numberAt(before, 'exitCode'),
  ...optional('finishedAt', text(at(before, 'finishedAt'))),
  ...optional('message', text(at(before, 'message'))),
})
