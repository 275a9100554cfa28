import {type Collected, unknown} from '../engine/collected.ts'
import type {Cluster, ExecOutput, NodeDoor} from '../engine/collector.ts'
import {scriptDoor} from '../engine/script-door.ts'

/** Nodes by exec into their calico-node pod. */
export function podDoor(cluster: Cluster): NodeDoor {
  return scriptDoor(async (node, script, limits) => {
    if (!node.target || node.unreachable !== undefined) return unknown('unreachable', node.unreachable ?? 'no calico-node pod on this node')
    return asNode(await cluster.exec(node.target, script, limits))
  })
}

/** A pod that is gone says nothing about its node: what was to be read there is not absent. */
const asNode = (output: Collected<ExecOutput>) => (!output.known && output.why === 'absent' ? unknown('unreachable', output.detail) : output)
