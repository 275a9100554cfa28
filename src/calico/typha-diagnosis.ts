import type {Collected, Unknown} from '../engine/collected.ts'
import type {CalicoPod, Endpoints, Service, Workload} from './kubernetes.ts'
import {startingFor} from './pod-trouble.ts'
import {typhaDeployments} from './typha.ts'
import type {TyphaServiceName} from './typha-service-name.ts'

/** Why Felix finds no Typha though it is told to look for one. */
export type TyphaFault =
  | {readonly kind: 'noDeployment'; readonly serviceSeen: boolean}
  | {readonly kind: 'noReplicas'; readonly deployment: Workload}
  | {readonly kind: 'noService'; readonly deployment: Workload}
  | {readonly kind: 'selectsNothing'; readonly deployment: Workload; readonly selector: Service['selector']}
  | {readonly kind: 'notReady'; readonly deployment: Workload}
export interface TyphaLook {
  readonly service: Collected<Service>
  readonly endpoints: Collected<Endpoints>
  readonly deployments: readonly Workload[]
}

/** One cause, the one furthest up; undefined when Typha answers, the reason as text when what was seen does not tell. */
export function typhaFault({namespace}: TyphaServiceName, {service, endpoints, deployments}: TyphaLook): TyphaFault | string | undefined {
  const noService = !service.known && service.why === 'absent'
  // With an address behind the Service Felix gets through, wherever its pods come from.
  if (!noService && endpoints.known && endpoints.value.ready.length > 0) return undefined
  const [deployment] = typhaDeployments(deployments).toSorted((a, b) => Number(b.namespace === namespace) - Number(a.namespace === namespace))
  if (!deployment) return noService || endpoints.known ? {kind: 'noDeployment', serviceSeen: service.known} : unseenEndpoints(endpoints)
  if (deployment.desired === 0) return {kind: 'noReplicas', deployment}
  if (noService) return {kind: 'noService', deployment}
  if (service.known && !selects(service.value.selector, deployment)) return {kind: 'selectsNothing', deployment, selector: service.value.selector}
  if (deployment.ready === 0) return {kind: 'notReady', deployment}
  if (!endpoints.known) return unseenEndpoints(endpoints)
  return `no address is ready behind Typha's Service while its Deployment counts ${deployment.ready} ready pods`
}

const unseenEndpoints = ({why}: Unknown) => `the addresses behind Typha's Service were not seen (${why})`

const selects = (selector: Service['selector'], {podLabels}: Workload) =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([name, value]) => podLabels[name] === value)

/** Every pod of it was made less than a minute ago: it may be about to answer. */
export function typhaStarts(pods: Collected<readonly CalicoPod[]>): boolean {
  const live = (pods.known ? pods.value : []).filter(({app, terminating}) => app === 'calico-typha' && !terminating)
  return live.length > 0 && live.every(({age, node}) => node !== undefined && age !== undefined && age < startingFor)
}

/** What Typha's own pods say of themselves, one line each. */
export const typhaPodLines = (pods: Collected<readonly CalicoPod[]>): string[] =>
  (pods.known ? pods.value : []).filter(({app, ready}) => app === 'calico-typha' && !ready).map(podLine)

function podLine({namespace, name, phase, reason, message, containers, node}: CalicoPod): string {
  const container = containers.find(({state}) => state !== 'running') ?? containers[0]
  const state = [container?.state, container?.reason].filter(Boolean).join(' ')
  return [`Pod ${namespace}/${name}${node === undefined ? '' : ` on ${node}`}: ${phase}`, state, reason, message?.split('\n', 1)[0]].filter(Boolean).join(', ')
}
