import {onTestFinished} from 'vitest'
import type {Connection} from '../../src/cluster/connect.ts'
import {type SimulatedCluster, type SimulatedClusterOptions, startSimulatedCluster} from '../../src/demo/index.ts'
import {connected} from './connections.ts'
import {writeConfig} from './kubeconfig.ts'

/** A simulated cluster and a connection to it as its administrator; both end with the test. */
export async function simulated(
  options: SimulatedClusterOptions = {},
  bounds: {readonly requestTimeoutMs?: number} = {},
): Promise<Connection & {sim: SimulatedCluster}> {
  const sim = await startSimulatedCluster(options)
  onTestFinished(() => sim.close())
  return {...(await connected({kubeconfig: writeConfig(sim.kubeconfig), ...bounds})), sim}
}
