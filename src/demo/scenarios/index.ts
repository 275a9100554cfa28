import type {ClusterState} from '../cluster-state.ts'
import {flavourScenarios} from './flavours.ts'
import {healthy, mesh, type Size} from './healthy.ts'
import {incident} from './incident.ts'

const scenarios: Record<string, (size: Size) => ClusterState> = {healthy, incident, mesh, ...flavourScenarios}

export const scenarioNames: readonly string[] = Object.keys(scenarios)

/** A fresh cluster every time, the same for the same arguments: no randomness, no clock. Throws RangeError for a name that is none. */
export function scenario(name: string, size: Size = {}): ClusterState {
  const make = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (!make) throw new RangeError(`no scenario ${JSON.stringify(name)}; there are ${scenarioNames.join(', ')}`)
  return make(size)
}
